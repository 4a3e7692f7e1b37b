//! Checks the rest of a text with syntax errors: replaces the faulty lines with spaces, reads the rest, and reports
//! only the problems there that the missing lines cannot have caused.

mod certain;

use super::problem::{Problem, Problems};
use super::syntax::{flow, slice};
use super::tree;
use super::{Judged, Options};
use crate::text::{Places, Range, line_around};
use certain::{Missing, Rest};

/// How many places are replaced with spaces before recovery stops.
const ROUNDS: usize = 8;

/// In larger texts, in bytes, only the part before the error is read: each round reads the whole text several times.
const MAX_TEXT: usize = 256 * 1024;

/// How many lines above an error are considered as its cause.
const LINES_ABOVE: usize = 40;

/// Reports the syntax error, further independent ones, and the certain problems of the rest.
pub(super) fn judge(text: &str, problem: Problem, options: Options, problems: &mut Problems) -> Judged {
    if problem.code() == "yaml-documents" && is_foreign(text, problems) {
        return Judged::default();
    }
    let is_recoverable = matches!(problem.code(), "yaml-syntax" | "yaml-documents" | "yaml-alias-loop");
    let first = problem.at();
    // The parser stopped because of a character or a `%YAML` line that was already reported.
    let line = line_around(text, first.start);
    let is_cause = |analysis: &Problem| {
        matches!(analysis.code(), "yaml-control" | "yaml-version")
            && line.start.saturating_sub(1) <= analysis.at().end
            && analysis.at().start <= line.end
    };
    if !problems.iter().any(is_cause) {
        problems.push(problem);
    }
    if !is_recoverable {
        return Judged::default();
    }
    let mut rest = Problems::new(problems.purpose());
    let readable = if text.len() <= MAX_TEXT { blank_out(text, first, problems) } else { None };
    let read = readable.as_ref().map_or(text, |(readable, _)| readable.as_str());
    let tree = tree::parse_as_far(read, &Places::new(read)).0;
    // Missing: everything from the line of the error on, and what the tree lacks before it.
    let torn = line_around(text, first.start).start;
    let start = tree.root.map_or(torn, |root| tree.at(root).end.min(torn));
    let all_behind = Missing { at: Range { start, end: text.len() as u32 }, column: None, is_item: false };
    let (kept, missing) = match &readable {
        Some((readable, missing)) => (readable.as_str(), missing.as_slice()),
        None => (&text[..torn as usize], &[all_behind][..]),
    };
    let judged = super::judge(&tree, options, &mut rest);
    let is_kept: Vec<bool> = rest.iter().map(|problem| problem.at().end as usize <= kept.len()).collect();
    let is_certain = Rest::new(kept, &tree, missing).certain(&rest);
    problems.absorb(rest, |number| is_kept[number] && is_certain[number]);
    judged
}

/// Whether the first of several documents is not a KRT manifest. If so, this is the only problem.
fn is_foreign(text: &str, problems: &mut Problems) -> bool {
    let tree = tree::parse_as_far(text, &Places::new(text)).0;
    let mut first = Problems::default();
    super::judge(&tree, Options::PROBLEMS, &mut first);
    let is_foreign: Vec<bool> = first.iter().map(|problem| problem.code() == "manifest-foreign").collect();
    problems.absorb(first, |number| is_foreign[number]);
    is_foreign.contains(&true)
}

/// The text with spaces instead of the lines that prevent parsing, and these lines; `None` if [`ROUNDS`] rounds do not
/// suffice.
fn blank_out(text: &str, first: Range, problems: &mut Problems) -> Option<(String, Vec<Missing>)> {
    let (mut text, mut at) = (text.to_owned(), first);
    let (mut missing, mut has_anchor) = (Vec::new(), false);
    for _ in 0..ROUNDS {
        let fault = flow::fault(&text, at.start);
        if let Some(fixed) = fault.and_then(|fault| flow::patched(&text, fault)) {
            // Where one character is missing, others may be, too.
            missing.push(Missing { at: line_around(&text, at.start), column: None, is_item: false });
            match tree::parse(&fixed, &Places::new(&fixed)) {
                Ok(_) => return Some((fixed, missing)),
                Err(problem) => {
                    (text, at) = (fixed, problem.at());
                    problems.push(problem);
                    continue;
                }
            }
        }
        // Inside brackets around the whole text, lines are not independent.
        if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
            return None;
        }
        let mut best: Option<(String, Missing, Problem)> = None;
        for line in suspects(&text, at) {
            let (tried, gone) = blanked(&text, line);
            let problem = match tree::parse(&tried, &Places::new(&tried)) {
                Ok(_) => {
                    missing.push(gone);
                    return Some((tried, missing));
                }
                Err(problem) => problem,
            };
            if best.as_ref().is_none_or(|(_, _, best)| best.at().start < problem.at().start) {
                best = Some((tried, gone, problem));
            }
        }
        let (tried, gone, problem) = best?;
        let next = problem.at();
        // An independent error: it comes after the removed lines, and its line alone is also wrong.
        let alone = slice(&tried, line_around(&tried, next.start)).trim_start_matches([' ', '-']);
        let is_key_alone = alone.contains(':') && !alone.contains(": ") && !alone.ends_with(':');
        let is_closing = alone.starts_with([']', '}']);
        has_anchor |= slice(&text, gone.at).contains('&');
        let misses_anchor = has_anchor && slice(&tried, next).starts_with('*');
        let is_its_own = !is_closing && !misses_anchor;
        if next.start > gone.at.end && is_its_own && (is_key_alone || tree::parse(alone, &Places::new(alone)).is_err())
        {
            problems.push(problem);
        }
        missing.push(gone);
        (text, at) = (tried, next);
    }
    None
}

/// The lines that may have caused an error found here: the line itself, the line above, and the nearest line above with
/// an unclosed bracket or quote.
fn suspects(text: &str, at: Range) -> Vec<Range> {
    let is_blank = |line: Range| slice(text, line).trim().is_empty();
    let mut line = line_around(text, at.start);
    while is_blank(line) && line.start > 0 {
        line = line_around(text, line.start - 1);
    }
    let mut found = vec![line];
    for _ in 0..LINES_ABOVE {
        if line.start == 0 {
            break;
        }
        line = line_around(text, line.start - 1);
        let content = slice(text, line);
        let count = |letters: &[char]| content.matches(letters).count();
        let is_open = count(&['[', '{']) > count(&[']', '}']) || count(&['"']) % 2 == 1 || count(&['\'']) % 2 == 1;
        if is_open || (found.len() == 1 && !is_blank(line)) {
            found.push(line);
        }
        if is_open {
            break;
        }
    }
    found
}

/// The text with spaces instead of a line and the deeper lines below it, and these lines. Keeps list dashes, and keeps
/// the position of every byte.
fn blanked(text: &str, line: Range) -> (String, Missing) {
    let content = slice(text, line);
    let column = content.len() - content.trim_start_matches(['-', ' ']).len();
    let is_key = !content.trim_start().starts_with('-');
    let mut end = line.end;
    let mut next = line.end as usize;
    while next < text.len() {
        let below = line_around(text, next as u32 + 1);
        let content = slice(text, below);
        let indent = content.len() - content.trim_start().len();
        // A list may be in the column of its key.
        let is_its_item = is_key && indent == column && content.trim_start().starts_with("- ");
        if !content.trim().is_empty() {
            if indent <= column && !is_its_item {
                break;
            }
            end = below.end;
        }
        next = (below.end as usize).max(next + 1);
    }
    let start = line.start as usize + column;
    let gone = &text[start..(end as usize).max(start)];
    let spaces: String =
        gone.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect();
    (
        format!("{}{spaces}{}", &text[..start], &text[start + gone.len()..]),
        Missing { at: Range { start: line.start, end }, column: Some(column), is_item: !is_key },
    )
}
