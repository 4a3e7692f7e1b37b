//! What comes back with a refused form, made light enough for its page: what was typed, and what was said of a package.

use app::budget::{cut, is_drawn, weight};
use app::forms::FormOutcome;
use krt::diagnostic::Diagnostic;
use krt::package::Report;

/// What all that was typed may weigh on the page.
const VALUES: usize = 300_000;

/// What a report may weigh, problems and excerpts of the manifest included.
const REPORT: usize = 300_000;

/// Problems that are told one by one; of the others it is only counted how bad they are.
const MOST_TOLD: usize = 200;

/// The same when they are long.
const FEW_TOLD: usize = 30;

/// Characters of what is said of one.
const LONGEST: usize = 300;

/// Bytes of a mended manifest that a page offers to save, in an address where each may take three characters. A manifest
/// of 2,000 lines has some 64 KiB.
const MAX_FIXED: usize = 72 * 1024;

/// The outcome as its page holds it.
pub fn light(mut outcome: FormOutcome) -> FormOutcome {
    if outcome.values.iter().map(|(_, value)| weight(value)).sum::<usize>() > VALUES {
        // All or nothing: a page that shows only some of it looks as if nothing else had been typed.
        outcome.values.clear();
        if let Some(error) = &mut outcome.error {
            error.message += " What you typed is too long to be shown again here; go back in your browser to find it.";
        }
    }
    outcome.report = outcome.report.map(report);
    outcome
}

/// Leaves out what one can do without, until it is light enough.
fn report(mut report: Report) -> Report {
    for (at, found) in report.diagnostics.iter_mut().enumerate() {
        tell(found, at < MOST_TOLD);
    }
    if let Some(manifest) = &mut report.manifest {
        manifest.description = cut(std::mem::take(&mut manifest.description), 2_000);
        if !is_drawn(&manifest.workflows) {
            manifest.workflows.clear();
        }
    }
    if report.fixed.as_ref().is_some_and(|fixed| !can_be_saved(fixed)) {
        report.fixed = None;
    }
    let leave_out: [fn(&mut Report); 6] = [
        |report| report.fixed = None,
        |report| report.members.clear(),
        |report| {
            // Without the text there are neither excerpts nor lines that a mend would change.
            report.manifest_text = None;
            report.diagnostics.iter_mut().for_each(|found| found.fixes.clear());
        },
        |report| report.diagnostics.iter_mut().for_each(|found| found.related.clear()),
        |report| report.manifest = None,
        |report| report.diagnostics.truncate(FEW_TOLD),
    ];
    for leave_out in leave_out {
        if serde_json::to_string(&report).is_ok_and(|json| weight(&json) <= REPORT) {
            break;
        }
        leave_out(&mut report);
    }
    report
}

fn tell(found: &mut Diagnostic, is_told: bool) {
    if !is_told {
        *found = Diagnostic { severity: found.severity, code: found.code.clone(), ..Diagnostic::hint("", "") };
        return;
    }
    found.message = cut(std::mem::take(&mut found.message), LONGEST);
    found.help = found.help.take().map(|help| cut(help, LONGEST));
    found.member = found.member.take().map(|member| cut(member, LONGEST));
    found.related.truncate(3);
    found.fixes.truncate(1);
}

fn can_be_saved(fixed: &Report) -> bool {
    fixed.manifest_text.as_ref().is_some_and(|text| text.len() <= MAX_FIXED)
        && fixed.manifest.as_ref().is_none_or(|manifest| is_drawn(&manifest.workflows))
}

#[cfg(test)]
mod tests {
    use app::error::{Error, ErrorKind};

    use super::*;

    fn refused(value: &str) -> FormOutcome {
        let values = vec![("name".to_owned(), "demo".to_owned()), ("description".to_owned(), value.to_owned())];
        light(FormOutcome { values, error: Some(Error::new(ErrorKind::Invalid, "Wrong.")), ..FormOutcome::default() })
    }

    #[test]
    fn what_was_typed_comes_back_whole_or_with_words_instead() {
        let whole = refused(&"a".repeat(VALUES / 4));
        assert_eq!((whole.values.len(), whole.error.unwrap().message.as_str()), (2, "Wrong."));
        let nothing = refused(&"<".repeat(VALUES / 4));
        assert!(nothing.values.is_empty());
        assert!(nothing.error.unwrap().message.contains("too long to be shown again"));
    }
}
