//! The script that holds a validator against the tables beside the project: run as it is on the check alone.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines of the script that differ on purpose: v1 is accepted, though the server of that table reads v2 only.
const KNOWN: usize = 1;

fn shared() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/krt");
    let has_python = Command::new("python3").arg("--version").output().is_ok();
    (shared.exists() && has_python).then_some(shared)
}

/// How many answers the script did not want, by its last line: "N of M cases as wanted, K not".
fn misses(table: &str, folder: &str, extension: &str) -> Option<usize> {
    let Some(shared) = shared() else {
        println!("skipped: no script lies beside the project, or there is no Python");
        return None;
    };
    // Cargo builds examples together with tests, one folder up from them.
    let tests = std::env::current_exe().unwrap();
    let validate = tests.parent().unwrap().parent().unwrap().join("examples/validate");
    if !validate.exists() {
        println!("skipped: the example was not built");
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
fn the_script_finds_every_manifest_answered_as_wanted() {
    assert_eq!(misses("cases.tsv", "cases", ".yml").unwrap_or(0), 0);
}

#[test]
fn the_script_finds_every_package_answered_as_wanted_but_the_known_one() {
    assert!(misses("packages.tsv", "packages", ".krt").unwrap_or(0) <= KNOWN);
}
