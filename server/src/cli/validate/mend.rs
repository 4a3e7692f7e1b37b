//! `--fix`: the mends that the check offers, one after the other, shown as a diff, written when that is wanted.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use krt::diagnostic::apply;
use similar::TextDiff;

use super::input::{Checked, Input, Place};
use super::text;
use crate::cli::replace;

/// Mends made one after the other, at most: more than the problems that are told of a manifest.
const MOST_MENDS: usize = 1000;

/// Mends what can be mended, and answers with what is found in the text that is on the disk afterwards.
pub(super) fn mend(input: &Input, checked: Checked, without_asking: bool) -> Checked {
    let offers = |checked: &Checked| checked.report.diagnostics.iter().any(|found| !found.fixes.is_empty());
    if !offers(&checked) {
        return checked;
    }
    let Some(file) = input.manifest_file() else {
        if let (Some(before), Some(after)) = (&checked.report.manifest_text, input.mended(&checked)) {
            show(checked.manifest.path(), before, &after);
        }
        let why = match &checked.manifest {
            Place::File(_) => "is not written back: make these changes where it came from",
            Place::Member(_) => {
                "is a package and stays as it is: make these changes in its manifest, and pack it again"
            }
        };
        eprintln!("krt-console: {} {why}", checked.name);
        return checked;
    };
    let Some(before) = checked.report.manifest_text.clone().filter(|text| is_written_so(file, text)) else {
        eprintln!("krt-console: {} is not encoded as UTF-8: save it so, and mend it then", file.display());
        return checked;
    };
    let (after, mended) = mended(input, &before, &checked);
    show(&file.display().to_string(), &before, &after);
    if !(without_asking || is_wanted(file, &checked)) {
        eprintln!("krt-console: nothing was written; --fix=write writes without asking");
        return checked;
    }
    match replace::replace(file, &after) {
        Ok(()) => mended,
        Err(error) => {
            eprintln!("krt-console: cannot write {}: {error}", file.display());
            checked
        }
    }
}

/// One mend at a time: what it changes may change what the others mean.
fn mended(input: &Input, before: &str, checked: &Checked) -> (String, Checked) {
    let mut text = before.to_owned();
    let mut last = input.check_with(Some(&text));
    let mut left = checked.report.diagnostics.len();
    for _ in 0..MOST_MENDS {
        let fix = last.report.diagnostics.iter().find_map(|found| found.fixes.first());
        let Some(next) = fix.map(|fix| apply(&text, fix)) else { break };
        let found = input.check_with(Some(&next));
        // A mend removes its problem and makes none; one that does not is not made.
        if found.report.diagnostics.len() >= left {
            break;
        }
        left = found.report.diagnostics.len();
        (text, last) = (next, found);
    }
    (text, last)
}

/// The text is the file's, byte by byte, so that writing it back changes nothing else.
fn is_written_so(file: &Path, text: &str) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes == text.as_bytes())
}

fn show(name: &str, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    eprint!("{}", diff.unified_diff().context_radius(2).header(name, &format!("{name} (mended)")));
}

fn is_wanted(file: &Path, checked: &Checked) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    // Nobody can decide on changes without what they are for; what is left is told afterwards.
    eprint!("\n{}", text::text(checked));
    eprint!("Write these changes to {}? [y/N] ", file.display());
    let mut answer = String::new();
    let is_read = io::stdin().read_line(&mut answer).is_ok();
    is_read && matches!(answer.trim(), "y" | "Y" | "yes")
}
