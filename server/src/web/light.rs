//! Reduces what a rejected form shows again to what fits on its page: the submitted values and the report on a package.

use app::budget::{cut, is_drawn, weight};
use app::forms::FormOutcome;
use krt::diagnostic::Diagnostic;
use krt::outline::Outline;
use krt::package::Report;

/// Maximum weight of all submitted values on the page.
const VALUES: usize = 300_000;

/// Maximum weight of a report, including problems and excerpts of the manifest.
const REPORT: usize = 300_000;

/// Maximum number of problems reported in full; only the severities of the others are counted.
const MOST_SHOWN: usize = 200;

/// Maximum number of problems when they are long.
const FEW_SHOWN: usize = 30;

/// Maximum characters of a message about one problem.
const LONGEST: usize = 300;

/// Maximum bytes of a fixed manifest offered for download, in a URL where each byte may take three characters. A
/// manifest of 2,000 lines has some 64 KiB.
const LONGEST_FIXED: usize = 72 * 1024;

/// Reduces the values of an outcome to what fits on its page; its report is already one of [`report`].
pub fn light(mut outcome: FormOutcome) -> FormOutcome {
    if outcome.values.iter().map(|(_, value)| weight(value)).sum::<usize>() > VALUES {
        // All or nothing: a page with only some of the values would look as if the others had been empty.
        outcome.values.clear();
        if let Some(error) = &mut outcome.error {
            error.message += " Your text is too long to show again; go back in your browser to recover it.";
        }
    }
    outcome
}

/// Reduces a report to what fits on its page: drops the least important parts until it is small enough.
pub fn report(mut report: Report) -> Report<Outline> {
    report.fixed = report.fixed.filter(|fixed| can_be_saved(fixed));
    let is_drawn = report.manifest.as_ref().is_some_and(|manifest| is_drawn(&manifest.workflows));
    let mut report = report.outlined();
    for (at, found) in report.diagnostics.iter_mut().enumerate() {
        shorten(found, at < MOST_SHOWN);
    }
    if let Some(manifest) = &mut report.manifest {
        manifest.description = cut(std::mem::take(&mut manifest.description), 2_000);
        if !is_drawn {
            manifest.workflows.clear();
        }
    }
    let leave_out: [fn(&mut Report<Outline>); 6] = [
        |report| report.fixed = None,
        |report| report.members.clear(),
        |report| {
            // Excerpts and the lines that a fix changes need the text.
            report.manifest_text = None;
            report.diagnostics.iter_mut().for_each(|found| found.fixes.clear());
        },
        |report| report.diagnostics.iter_mut().for_each(|found| found.related.clear()),
        |report| report.manifest = None,
        |report| report.diagnostics.truncate(FEW_SHOWN),
    ];
    for leave_out in leave_out {
        if serde_json::to_string(&report).is_ok_and(|json| weight(&json) <= REPORT) {
            break;
        }
        leave_out(&mut report);
    }
    report
}

fn shorten(found: &mut Diagnostic, is_shown: bool) {
    if !is_shown {
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
    fixed.manifest_text.as_ref().is_some_and(|text| text.len() <= LONGEST_FIXED)
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
    fn submitted_values_come_back_in_full_or_are_replaced_by_a_message() {
        let whole = refused(&"a".repeat(VALUES / 4));
        assert_eq!((whole.values.len(), whole.error.unwrap().message.as_str()), (2, "Wrong."));
        let nothing = refused(&"<".repeat(VALUES / 4));
        assert!(nothing.values.is_empty());
        assert!(nothing.error.unwrap().message.contains("too long to show again"));
    }
}
