//! The command line as people and programs use it: output and exit codes of the real binary.

mod convert;
mod explain;
mod fix;
mod validate;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A valid manifest, from a rule page.
fn good() -> &'static str {
    krt::rule_pages::page("description-blank").unwrap().right.text
}

fn wrong(code: &str) -> &'static str {
    krt::rule_pages::page(code).unwrap().wrong.text
}

/// Runs the program in a folder, with an empty environment.
fn run_in(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_krt-console"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may exit before it reads anything.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}
