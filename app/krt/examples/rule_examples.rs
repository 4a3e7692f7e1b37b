//! Writes the examples of all rules' pages as files into a folder: seeds for fuzzing, and, with `--reports`, what the check
//! says of each as JSON with the text of its manifest beside it, which the browser's check is held against.

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;

use krt::package::check_bare_with_fixes;
use support::examples;

/// Larger ones are no good seeds.
const LARGEST_SEED: usize = 8 * 1024;

fn main() -> std::io::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let folder = PathBuf::from(args.next().unwrap_or_else(|| "target/rule-examples".into()));
    let with_reports = args.next().is_some_and(|word| word == "--reports");
    std::fs::create_dir_all(&folder)?;
    for page in examples::pages() {
        for (which, example) in [("wrong", page.wrong), ("right", page.right)] {
            let file = examples::file(page.code, which, &example);
            if !with_reports && file.bytes.len() > LARGEST_SEED {
                continue;
            }
            if with_reports {
                let is_package = file.name.ends_with(".krt");
                let mut report = match is_package {
                    true => support::reader(&file.bytes, 64 * 1024).finish_with_fixes(),
                    false => check_bare_with_fixes(&file.bytes),
                };
                // Apart from each other, as the worker hands them over.
                let text = report.manifest_text.take().unwrap_or_default();
                std::fs::write(folder.join(format!("{}.json", file.name)), serde_json::to_string(&report)?)?;
                std::fs::write(folder.join(format!("{}.text", file.name)), text)?;
            }
            std::fs::write(folder.join(file.name), file.bytes)?;
        }
    }
    Ok(())
}
