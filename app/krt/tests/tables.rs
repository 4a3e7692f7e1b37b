//! Compares the check with the shared tables of mutated manifests and packages, when present next to the project.

mod support;

use std::fs;

use krt::diagnostic::{Severity, accepted};
use krt::package::{Reader, Report, check_bare};

/// Packages with an intentionally different verdict: v1 is accepted, although the server of that table reads only v2.
const KNOWN_PACKAGES: &[&str] = &["v2-real-v1-as-v2-dir"];

/// Manifests with an intentionally different verdict.
const KNOWN_MANIFESTS: &[&str] = &[];

/// Returns the verdict in the terms of the tables.
fn verdict(report: &Report) -> &'static str {
    let has_warning = report.diagnostics.iter().any(|found| found.severity == Severity::Warning);
    match (accepted(&report.diagnostics), has_warning) {
        (false, _) => "reject",
        (true, true) => "warn",
        (true, false) => "accept",
    }
}

#[track_caller]
fn check(table: &str, folder: &str, extension: &str, known: &[&str], read: impl Fn(&[u8]) -> Report) {
    let Some(shared) = support::shared(table) else { return };
    let rows = fs::read_to_string(shared.join(table)).unwrap();
    let mut lines = rows.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let column = columns.iter().position(|name| *name == "recommend").unwrap();
    let mut misses = Vec::new();
    for row in lines {
        let (id, wanted) = (row[0], row[column]);
        let bytes = fs::read(shared.join(folder).join(format!("{id}{extension}"))).unwrap();
        let report = read(&bytes);
        let said = verdict(&report);
        if wanted != "either" && wanted != said && !known.contains(&id) {
            let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code.clone()).collect();
            misses.push(format!("{id}: wanted {wanted}, said {said} {codes:?}"));
        }
    }
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}

#[test]
fn manifests_are_judged_as_the_table_recommends() {
    check("cases.tsv", "cases", ".yml", KNOWN_MANIFESTS, |bytes| check_bare(bytes));
}

#[test]
fn packages_are_judged_as_the_table_recommends() {
    check("packages.tsv", "packages", ".krt", KNOWN_PACKAGES, |bytes| {
        let mut reader = Reader::new();
        let _ = reader.push(bytes);
        reader.finish()
    });
}
