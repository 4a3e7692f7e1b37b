//! Whitespace that looks like spaces: often copied from a web page or a document, it does not indent in YAML.

use super::{is_key, slice};
use crate::check::problem::Problem;
use crate::text::{ProposedEdit, Range, line_around};

/// How many non-empty lines above an error are searched for its cause.
const LINES_ABOVE: usize = 2;

/// Reports non-standard whitespace where YAML requires spaces, in the line of an error or slightly above it.
pub(super) fn problem(text: &str, start: u32) -> Option<Problem> {
    let mut line = line_around(text, start);
    let mut left = LINES_ABOVE;
    let at = loop {
        if let Some(at) = odd(text, line) {
            break at;
        }
        if !slice(text, line).trim().is_empty() {
            left = left.checked_sub(1)?;
        }
        line = line_around(text, line.start.checked_sub(1)?);
    };
    analyze(text, at)
}

/// Reports non-standard whitespace that was read as the beginning of a key or value, which caused another problem.
pub(in crate::check) fn beginning(text: &str, wrong: Range) -> Option<Problem> {
    if !slice(text, wrong).trim_start_matches('-').starts_with(is_odd) {
        return None;
    }
    analyze(text, odd(text, line_around(text, wrong.start))?)
}

fn analyze(text: &str, at: Range) -> Option<Problem> {
    let sign = slice(text, at).chars().next()?;
    let message = format!("non-standard whitespace: the character U+{:04X} is not a space", u32::from(sign));
    let problem = Problem::error("yaml-syntax", at, message).help("YAML allows only spaces here: write spaces instead");
    Some(problem.fix("replace all non-standard whitespace with spaces", spaces(text)))
}

fn is_odd(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// The first such character of a line, in its indentation or after the colon of its key.
fn odd(text: &str, line: Range) -> Option<Range> {
    let content = slice(text, line);
    let rest = content.trim_start_matches(|letter| matches!(letter, ' ' | '-') || is_odd(letter));
    let head = &content[..content.len() - rest.len()];
    let at = head.find(is_odd).or_else(|| {
        let colon = rest.find(':').filter(|colon| is_key(&rest[..*colon]))?;
        rest[colon + 1..].starts_with(is_odd).then_some(head.len() + colon + 1)
    })?;
    let width = content[at..].chars().next().map_or(0, char::len_utf8);
    let start = line.start + at as u32;
    Some(Range { start, end: start + width as u32 })
}

/// Replaces all of them with spaces; the ideographic space, which is twice as wide, with two.
fn spaces(text: &str) -> Vec<ProposedEdit> {
    let (mut changes, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive(['\n', '\r']) {
        let line_at = Range { start, end: start + line.trim_end_matches(['\n', '\r']).len() as u32 };
        if let Some(first) = odd(text, line_at) {
            let rest = slice(text, Range { start: first.start, end: line_at.end });
            let run = &rest[..rest.len()
                - rest.trim_start_matches(|letter| letter == ' ' || letter == '-' || is_odd(letter)).len()];
            let plain: String = run
                .chars()
                .map(|letter| match letter {
                    '\u{3000}' => "  ".to_owned(),
                    letter if is_odd(letter) => " ".to_owned(),
                    letter => letter.to_string(),
                })
                .collect();
            changes
                .push(ProposedEdit::Replace(Range { start: first.start, end: first.start + run.len() as u32 }, plain));
        }
        start += line.len() as u32;
    }
    changes
}
