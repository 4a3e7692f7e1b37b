//! Writes the examples of all rule pages as files into a folder, as seeds for fuzzing. With `--reports`, also writes
//! the report of each example as JSON and the text of its manifest, which the browser's check is compared with.

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;

use krt::package::check_bare_with_fixes;
use support::examples;

/// Maximum size of a seed, in bytes: larger files are poor seeds.
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
                // Separate, as in the result of the worker.
                let text = report.manifest_text.take().unwrap_or_default();
                std::fs::write(folder.join(format!("{}.json", file.name)), serde_json::to_string(&report)?)?;
                std::fs::write(folder.join(format!("{}.text", file.name)), text)?;
            }
            std::fs::write(folder.join(file.name), file.bytes)?;
        }
    }
    Ok(())
}
