//! Runs the script that compares a validator with the shared tables next to the project, on the check alone.

mod support;

use std::process::Command;

/// Number of intended differences: v1 is accepted, although the server of that table reads only v2.
const KNOWN: usize = 1;

/// Returns the number of unexpected answers, from the last line of the script ("N of M cases as wanted, K not"), or
/// `None` if the script was skipped.
fn misses(table: &str, folder: &str, extension: &str) -> Option<usize> {
    let test = format!("the script on {table}");
    let shared = support::shared(&test)?;
    if Command::new("python3").arg("--version").output().is_err() {
        testing::skip_outside_ci(&test, "Python is missing");
        return None;
    }
    // Cargo builds examples together with tests, one folder up.
    let tests = std::env::current_exe().unwrap();
    let validate = tests.parent().unwrap().parent().unwrap().join("examples/validate");
    if !validate.exists() {
        testing::skip_outside_ci(&test, "the example `validate` was not built, as `cargo test -p krt` does");
        return None;
    }
    let answer = Command::new("python3")
        .args(["check.py", table, folder, extension])
        .arg(validate)
        .current_dir(shared)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    let last = said.lines().rev().find(|line| line.contains("as wanted")).unwrap_or_else(|| panic!("{said}"));
    println!("{table}: {last}");
    Some(last.rsplit(", ").next().unwrap().split(' ').next().unwrap().parse().unwrap())
}

#[test]
fn every_manifest_of_the_script_is_answered_as_expected() {
    let Some(misses) = misses("cases.tsv", "cases", ".yml") else { return };
    assert_eq!(misses, 0);
}

#[test]
fn every_package_of_the_script_but_the_known_one_is_answered_as_expected() {
    let Some(misses) = misses("packages.tsv", "packages", ".krt") else { return };
    assert_eq!(misses, KNOWN);
}
