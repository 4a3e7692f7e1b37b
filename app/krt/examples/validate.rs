//! Runs the check alone and prints JSON lines like `krt-console validate --format json`: for experiments, and for
//! scripts that compare a validator with tables of cases. `--fixes` applies each offered fix and prints the resulting
//! manifest.

use std::env;
use std::fs;

use krt::diagnostic::{accepted, apply};
use krt::package::{Reader, Report, check_bare, is_bare};
use serde_json::json;

fn read(name: &str, bytes: &[u8]) -> Report {
    if is_bare(name) {
        return check_bare(bytes);
    }
    let mut reader = Reader::new();
    for piece in bytes.chunks(64 * 1024) {
        if reader.push(piece).is_err() {
            break;
        }
    }
    reader.finish()
}

fn main() {
    let (options, files): (Vec<String>, Vec<String>) = env::args().skip(1).partition(|word| word.starts_with("--"));
    for file in files {
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                std::process::exit(2);
            }
        };
        let report = read(&file, &bytes);
        let diagnostics: Vec<_> = report
            .diagnostics
            .iter()
            .map(|found| {
                json!({
                    "severity": found.severity,
                    "code": found.code,
                    "message": found.message,
                    "line": found.span.map(|span| span.line),
                    "column": found.span.map(|span| span.column),
                    "help": found.help,
                    "fixes": found.fixes,
                })
            })
            .collect();
        println!("{}", json!({"file": file, "accepted": accepted(&report.diagnostics), "diagnostics": diagnostics}));
        if options.iter().any(|option| option == "--fixes") {
            let text = report.manifest_text.unwrap_or_default();
            for fix in report.diagnostics.iter().flat_map(|found| &found.fixes) {
                eprintln!("=== {}\n{}", fix.title, apply(&text, fix));
            }
        }
    }
}
