//! `--fix`: shows all fixes that the check offers as a diff, and writes them on confirmation.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use similar::TextDiff;

use super::encoding::Encoding;
use super::input::{CheckedInput, Input, Place};
use super::text;
use crate::cli::replace;

/// Maximum number of rounds of fixing a file, each with the full budget of `krt::fix`; few files need two.
const ROUNDS: usize = 20;

/// Applies all fixes and returns the result of checking the text that is on disk afterwards. `checked` is the result
/// before, including the fixed manifest.
pub(super) fn fix(input: &Input, checked: CheckedInput, without_asking: bool) -> CheckedInput {
    let (Some(before), Some(after)) = (&checked.report.manifest_text, fixed_text(&checked)) else {
        if checked.has_more() {
            eprintln!(
                "krt-console: nothing in {} was fixed: no problem has a safe fix, or the file has more than 10,000 \
                 problems; fix the first ones by hand",
                checked.name
            );
        }
        return checked;
    };
    let Some(file) = input.manifest_file() else {
        show(checked.manifest.path(), before, after);
        let why = match &checked.manifest {
            Place::File(_) => "cannot be written back; make these changes at its source",
            Place::Member(_) => {
                "is a package and was not changed; make these changes in its manifest and pack it again"
            }
        };
        eprintln!("krt-console: {} {why}", checked.name);
        return checked;
    };
    let Some(encoding) = fs::read(file).ok().and_then(|bytes| Encoding::of(&bytes, before)) else {
        eprintln!("krt-console: {} changed while being read; nothing was written; try again", file.display());
        return checked;
    };
    let fixed = fixed(input, input.check_with(after));
    let Some(after) = fixed.report.manifest_text.as_deref() else { return fixed };
    show(&file.display().to_string(), before, after);
    if !(without_asking || is_wanted(file, &checked)) {
        eprintln!("krt-console: nothing was written; --fix=write writes without asking");
        return checked;
    }
    match replace::replace(file, &encoding.encode(after)) {
        Ok(()) => {
            if encoding != Encoding::Utf8 {
                eprintln!("krt-console: {} keeps its UTF-16 encoding", file.display());
            }
            fixed
        }
        Err(error) => {
            eprintln!("krt-console: cannot write {}: {error}", file.display());
            checked
        }
    }
}

/// The manifest with all offered fixes applied; `None` when no fix is offered.
fn fixed_text(checked: &CheckedInput) -> Option<&str> {
    checked.report.fixed.as_ref()?.manifest_text.as_deref()
}

/// Checks and fixes until nothing is left to fix: one fix can uncover further problems.
fn fixed(input: &Input, mut last: CheckedInput) -> CheckedInput {
    for _ in 0..ROUNDS {
        let Some(next) = fixed_text(&last).map(|text| input.check_with(text)) else { break };
        last = next;
    }
    if fixed_text(&last).is_some() {
        eprintln!("krt-console: {} has more fixes than one run applies; run the command again", last.name);
    }
    last
}

fn show(name: &str, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    eprint!("{}", diff.unified_diff().context_radius(2).header(name, &format!("{name} (fixed)")));
}

fn is_wanted(file: &Path, checked: &CheckedInput) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    // The question follows the problems that the changes fix; remaining problems are reported afterwards.
    eprint!("\n{}", text::text(checked));
    eprint!("Write these changes to {}? [y/N] ", file.display());
    let mut answer = String::new();
    let is_read = io::stdin().read_line(&mut answer).is_ok();
    is_read && matches!(answer.trim(), "y" | "Y" | "yes")
}
