//! Compares the page of each code with the check: the wrong example is reported under this code, in the place that the
//! page names; the right example is accepted. The pages are the fixtures.

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use krt::diagnostic::{Diagnostic, Severity, render};
use krt::package::{Report, check_bare};
use krt::rule_pages::{Example, ExampleKind, Page, codes};
use krt::rules::{self, Area, Certainty};
use support::examples::{self, File};

/// Returns the report of the check, or of the conversion for an example of it.
fn report(code: &str, file: &File) -> Report {
    if code == "convert-unsafe" {
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        let diagnostics = krt::convert::to_v2(&text).err().unwrap_or_default();
        return Report { diagnostics, manifest_text: Some(text), ..Report::default() };
    }
    if file.name.ends_with(".krt") { support::read(&file.bytes, 4096) } else { check_bare(&file.bytes) }
}

fn said(file: &str, report: &Report) -> String {
    let said = |found: &Diagnostic| render::render(found, file, report.manifest_text.as_deref());
    // Of many diagnostics, the first five and the last are enough.
    let count = report.diagnostics.len();
    let shown = report.diagnostics.iter().enumerate().filter(|(at, _)| *at < 5 || at + 1 == count);
    shown.map(|(_, found)| said(found)).collect::<Vec<_>>().join("\n")
}

/// A page with its wrong example, read once for all tests: some of them are large.
struct Wrong {
    page: Page,
    file: String,
    report: Report,
}

static WRONG: LazyLock<Vec<Wrong>> = LazyLock::new(|| {
    let wrong = |page: Page| {
        let file = examples::file(page.code, "wrong", &page.wrong);
        Wrong { report: report(page.code, &file), file: file.name, page }
    };
    examples::pages().map(wrong).collect()
});

impl Wrong {
    fn said(&self) -> String {
        said(&self.file, &self.report)
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    let files: BTreeSet<String> = files.collect();
    let rules: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.code.to_owned()).collect();
    let odd: Vec<&String> = files.symmetric_difference(&rules).collect();
    assert!(odd.is_empty(), "in one of the two only: {odd:?}");
    assert_eq!(codes().collect::<Vec<_>>(), rules.iter().collect::<Vec<_>>());
}

#[test]
fn every_wrong_example_is_reported_first_under_its_code_in_its_place() {
    let mut misses = Vec::new();
    for wrong in WRONG.iter() {
        let code = wrong.page.code;
        match first(&wrong.report).filter(|found| found.code == code) {
            None => misses.push(format!("{code} is not reported first:\n{}", wrong.said())),
            Some(found) => {
                let severity = rules::find(code).map(|rule| rule.severity);
                assert_eq!(Some(found.severity), severity, "{code}");
                let why = misplaced(found, &wrong.page.wrong, &wrong.report);
                misses.extend(why.map(|why| format!("{code}: {why}\n{}", wrong.said())));
            }
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

/// Returns the trailing hint, if any (as for `more-problems`), otherwise the first diagnostic.
fn first(report: &Report) -> Option<&Diagnostic> {
    let hint = report.diagnostics.last().filter(|found| found.severity == Severity::Hint);
    hint.or(report.diagnostics.first())
}

/// Returns why a diagnostic is not in the place that the page names; `None` when it is.
fn misplaced(found: &Diagnostic, example: &Example, report: &Report) -> Option<String> {
    let text = report.manifest_text.as_deref().unwrap_or_default();
    let at = example.at.replace("\\u{1b}", "\u{1b}").replace("\\u{202e}", "\u{202e}");
    let Some(span) = found.span else {
        let member = found.member.as_deref().unwrap_or_default();
        return (!at.is_empty() && member != at).then(|| format!("it names the member {member:?}, not {at:?}"));
    };
    if at.is_empty() {
        return None;
    }
    let places: Vec<usize> = text.match_indices(&at).map(|(start, _)| start).collect();
    let [start] = places[..] else { return Some(format!("{at:?} occurs {} times", places.len())) };
    let touches = span.start as usize <= start + at.len() && start <= span.end as usize;
    (!touches).then(|| format!("it is at {}:{}, not at {at:?}", span.line, span.column))
}

#[test]
fn every_right_example_has_no_diagnostics() {
    let said = examples::pages().map(|page| {
        let file = examples::file(page.code, "right", &page.right);
        said(&file.name, &report(page.code, &file))
    });
    let said: Vec<String> = said.collect();
    assert_eq!(said.concat(), "");
}

#[test]
fn beside_a_syntax_error_a_finding_is_reported_only_if_its_rule_says_that_it_is_certain() {
    let mut misses = Vec::new();
    for wrong in WRONG.iter().filter(|wrong| wrong.page.wrong.kind == ExampleKind::Manifest) {
        let (code, text) = (wrong.page.code, wrong.report.manifest_text.as_deref().unwrap_or_default());
        let rule = rules::find(code).unwrap();
        let beside = check_bare(format!("note: a: b\n{text}").as_bytes());
        let is_reported = beside.diagnostics.iter().any(|found| found.code == code);
        assert!(
            rule.area == Area::Text || beside.diagnostics.iter().any(|found| found.code == "yaml-syntax"),
            "{code}"
        );
        let is_as_said = match rule.certainty {
            Certainty::OfValue => is_reported,
            Certainty::OfWhole if rule.area != Area::Text => !is_reported,
            // Depends on where the finding is.
            _ => true,
        };
        misses.extend((!is_as_said).then_some((code, rule.certainty)));
    }
    assert!(misses.is_empty(), "{misses:?}");
}

#[test]
fn what_is_said_of_every_wrong_example() {
    for wrong in WRONG.iter() {
        insta::assert_snapshot!(wrong.page.code, wrong.said());
    }
}
