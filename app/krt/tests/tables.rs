//! The tables of mutated manifests and packages, where they lie beside the project: what a good validator says of each.

use std::fs;
use std::path::{Path, PathBuf};

use krt::diagnostic::{Severity, accepted};
use krt::package::{Reader, Report, check_bare};

/// Packages that are judged otherwise on purpose: v1 is accepted, though the server of that table reads v2 only.
const KNOWN_PACKAGES: &[&str] = &["v2-real-v1-as-v2-dir"];

/// Manifests that are judged otherwise on purpose.
const KNOWN_MANIFESTS: &[&str] = &[];

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/krt")
}

/// What was said, in the words of the tables.
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
    let Ok(rows) = fs::read_to_string(shared().join(table)) else {
        testing::skip(table, "it does not lie beside the project");
        return;
    };
    let mut lines = rows.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let columns = lines.next().unwrap();
    let column = columns.iter().position(|name| *name == "recommend").unwrap();
    let mut misses = Vec::new();
    for row in lines {
        let (id, wanted) = (row[0], row[column]);
        let Ok(bytes) = fs::read(shared().join(folder).join(format!("{id}{extension}"))) else { continue };
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
fn the_table_of_manifests_is_answered_as_recommended() {
    check("cases.tsv", "cases", ".yml", KNOWN_MANIFESTS, |bytes| check_bare(bytes));
}

#[test]
fn the_table_of_packages_is_answered_as_recommended() {
    check("packages.tsv", "packages", ".krt", KNOWN_PACKAGES, |bytes| {
        let mut reader = Reader::new();
        let _ = reader.push(bytes);
        reader.finish()
    });
}
