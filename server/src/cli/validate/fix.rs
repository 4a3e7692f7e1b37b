//! `--fix`: all mends that the check offers, shown as a diff, written when that is wanted.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use similar::TextDiff;

use super::encoding::Encoding;
use super::input::{Checked, Input, Place};
use super::text;
use crate::cli::replace;

/// How often the mends of a file are made, each time with the whole budget of `krt::fix`: hardly a file needs two.
const ROUNDS: usize = 20;

/// Mends what can be mended, and answers with what is found in the text that is on the disk afterwards. `checked` is
/// what was found before, with the mends made beside it.
pub(super) fn fix(input: &Input, checked: Checked, without_asking: bool) -> Checked {
    let (Some(before), Some(after)) = (&checked.report.manifest_text, fixed_text(&checked)) else {
        if checked.has_more() {
            eprintln!(
                "krt-console: nothing in {} is mended: none of its problems can be safely, or they are more than 10,000; \
                 mend the first ones by hand",
                checked.name
            );
        }
        return checked;
    };
    let Some(file) = input.manifest_file() else {
        show(checked.manifest.path(), before, after);
        let why = match &checked.manifest {
            Place::File(_) => "is not written back: make these changes where it came from",
            Place::Member(_) => {
                "is a package and stays as it is: make these changes in its manifest, and pack it again"
            }
        };
        eprintln!("krt-console: {} {why}", checked.name);
        return checked;
    };
    let Some(encoding) = fs::read(file).ok().and_then(|bytes| Encoding::of(&bytes, before)) else {
        eprintln!("krt-console: {} was changed while it was read; nothing was written: run it again", file.display());
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
                eprintln!("krt-console: {} is UTF-16 as it was before", file.display());
            }
            fixed
        }
        Err(error) => {
            eprintln!("krt-console: cannot write {}: {error}", file.display());
            checked
        }
    }
}

/// The manifest with the mends made that are offered; `None` where there are none.
fn fixed_text(checked: &Checked) -> Option<&str> {
    checked.report.fixed.as_ref()?.manifest_text.as_deref()
}

/// What is found once nothing is left to mend: what one mend changes may let others be seen.
fn fixed(input: &Input, mut last: Checked) -> Checked {
    for _ in 0..ROUNDS {
        let Some(next) = fixed_text(&last).map(|text| input.check_with(text)) else { break };
        last = next;
    }
    if fixed_text(&last).is_some() {
        eprintln!("krt-console: {} has more to mend than is mended at once: run it again", last.name);
    }
    last
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
