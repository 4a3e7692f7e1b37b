//! Beside a syntax error: the lines at fault are blanked out and the rest is read, and of what is found there only what
//! is sure is told.

use super::mend::line_around;
use super::places::{Places, Range};
use super::problem::{Problem, Problems};
use super::syntax::flow;
use super::tree;
use super::{Judged, Wanted};

/// How many places are blanked out before the rest is given up.
const ROUNDS: usize = 8;

/// In larger texts only what stands before the error is read: each round reads all of it a few times.
const MAX_TEXT: usize = 256 * 1024;

/// How many lines above an error may have caused it.
const LINES_ABOVE: usize = 40;

/// Tells the syntax error, others that are errors by themselves, and what is sure of the rest.
pub(super) fn judge(
    text: &str,
    places: &Places<'_>,
    problem: Problem,
    wanted: Wanted,
    problems: &mut Problems,
) -> Judged {
    let is_recoverable = matches!(problem.code(), "yaml-syntax" | "yaml-documents" | "yaml-alias-loop");
    let first = problem.at();
    problems.push(problem);
    if !is_recoverable {
        return Judged::default();
    }
    let mut rest = Problems::default();
    let readable = if text.len() <= MAX_TEXT { blank_out(text, first, problems) } else { None };
    let judged = match &readable {
        Some(text) => match tree::parse(text, &Places::new(text)) {
            Ok(tree) => super::judge(&tree, wanted, &mut rest),
            Err(_) => return Judged::default(),
        },
        None => super::judge(&tree::parse_as_far(text, places).0, wanted, &mut rest),
    };
    // What stands on the line of an error that was not mended may have been read in part.
    let torn = if readable.is_none() { line_around(text, first.start).start } else { u32::MAX };
    problems.absorb(rest, |problem| is_sure(problem.code()) && problem.at().end <= torn);
    judged
}

/// What the lines that are missing cannot have caused.
fn is_sure(code: &str) -> bool {
    const AREAS: &[&str] = &["name-", "image-", "path-", "gpu-", "replicas-"];
    const CODES: &[&str] = &[
        "config-duplicate",
        "config-repeated",
        "description-blank",
        "node-duplicate",
        "node-reserved",
        "object-store-name",
        "object-store-scope",
        "object-store-scopes",
        "proto-name",
        "sequential-repeated",
        "subscription-depth",
        "subscription-duplicate",
        "subscription-entrypoint-subtopic",
        "subscription-form",
        "subscription-self",
        "subscription-wildcard",
        "value-not-text",
        "variable-form",
        "variable-platform",
        "version-first-letter",
        "version-reserved",
        "workflow-duplicate",
        "workflow-entrypoint-duplicate",
        "workflow-entrypoint-form",
    ];
    AREAS.iter().any(|area| code.starts_with(area)) || CODES.contains(&code)
}

/// The text with spaces instead of the lines that keep it from being read; `None` when that does not help soon.
fn blank_out(text: &str, first: Range, problems: &mut Problems) -> Option<String> {
    let (mut text, mut at) = (text.to_owned(), first);
    for _ in 0..ROUNDS {
        let fault = flow::fault(&text, at.start);
        if let Some(mended) = fault.and_then(|fault| flow::patched(&text, fault)) {
            match tree::parse(&mended, &Places::new(&mended)) {
                Ok(_) => return Some(mended),
                Err(problem) => {
                    (text, at) = (mended, problem.at());
                    problems.push(problem);
                    continue;
                }
            }
        }
        // In brackets around all of it no line stands alone.
        if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
            return None;
        }
        let mut best: Option<(String, Range, Problem)> = None;
        for line in suspects(&text, at) {
            let (tried, gone) = blanked(&text, line);
            let problem = match tree::parse(&tried, &Places::new(&tried)) {
                Ok(_) => return Some(tried),
                Err(problem) => problem,
            };
            if best.as_ref().is_none_or(|(_, _, best)| best.at().start < problem.at().start) {
                best = Some((tried, gone, problem));
            }
        }
        let (tried, gone, problem) = best?;
        let next = problem.at();
        // An error of its own: behind the lines that went, and also when its line stands alone.
        let alone = slice(&tried, line_around(&tried, next.start)).trim_start_matches([' ', '-']);
        let is_key_alone = alone.contains(':') && !alone.contains(": ") && !alone.ends_with(':');
        let is_closing = alone.starts_with([']', '}']);
        if next.start > gone.end && !is_closing && (is_key_alone || tree::parse(alone, &Places::new(alone)).is_err()) {
            problems.push(problem);
        }
        (text, at) = (tried, next);
    }
    None
}

/// Lines that may be the cause of an error that was found here: the line itself, the one above, and the nearest above
/// that opens what it does not close.
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

/// The text with spaces in place of a line and of the deeper ones below it; dashes of a list stay. Every byte keeps its
/// place. Also says which lines went.
fn blanked(text: &str, line: Range) -> (String, Range) {
    let content = slice(text, line);
    let column = content.len() - content.trim_start_matches(['-', ' ']).len();
    let mut end = line.end;
    let mut next = line.end as usize;
    while next < text.len() {
        let below = line_around(text, next as u32 + 1);
        let content = slice(text, below);
        let indent = content.len() - content.trim_start().len();
        if !content.trim().is_empty() {
            if indent <= column {
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
    (format!("{}{spaces}{}", &text[..start], &text[start + gone.len()..]), Range { start: line.start, end })
}

fn slice(text: &str, at: Range) -> &str {
    text.get(at.start as usize..at.end as usize).unwrap_or_default()
}
