//! Fixes for syntax errors: tabs, indentation, missing quotes and spaces.

use super::{is_key, slice};
use crate::text::{ProposedEdit, Range, line_around};

/// How many lines above an error are searched for its cause.
const LINES_ABOVE: usize = 40;

/// Indents a line like the line above, as part of the same list item.
pub(super) fn like_above(text: &str, head: u32) -> Vec<ProposedEdit> {
    let line = line_around(text, head);
    let content = slice(text, line_around(text, line.start.saturating_sub(1)));
    let column = content.len() - content.trim_start_matches([' ', '-']).len();
    vec![ProposedEdit::Replace(Range { start: line.start, end: head }, " ".repeat(column))]
}

/// The line above that should have been a key and its value: the first of the directly preceding lines without a colon
/// followed by a space. `None` if the line above is fine.
pub(super) fn without_colon(text: &str, at: u32) -> Option<Range> {
    let mut line = line_around(text, at);
    let mut found = None;
    for _ in 0..LINES_ABOVE {
        if line.start == 0 {
            break;
        }
        line = line_around(text, line.start - 1);
        let content = slice(text, line).trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if content.contains(": ") || content.ends_with(':') || content.starts_with("- ") {
            break;
        }
        let start = line.start + (slice(text, line).len() - slice(text, line).trim_start().len()) as u32;
        found = Some(Range { start, end: start + content.len() as u32 });
    }
    found
}

/// Closes the quotes that open here at the end of the line.
pub(super) fn closed_quotes(text: &str, at: u32) -> Vec<ProposedEdit> {
    let rest = slice(text, Range { start: at, end: line_around(text, at).end }).trim_end();
    let end = at + rest.len() as u32;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '"' | '\'')).map(String::from);
    mark.map(|mark| ProposedEdit::Replace(Range { start: end, end }, mark)).into_iter().collect()
}

/// The position of the first tab in the indentation of this line or the next; otherwise the given position.
pub(super) fn first_tab(text: &str, at: u32) -> u32 {
    let mut start = line_around(text, at).start;
    for line in text[start as usize..].split_inclusive(['\n', '\r']).take(2) {
        let indent = line.len() - line.trim_start_matches([' ', '-', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return start + tab as u32;
        }
        start += line.len() as u32;
    }
    at
}

/// Indents the lines of a value after its first one deeper than the key of the value.
pub(super) fn deeper(text: &str, value: Range) -> Vec<ProposedEdit> {
    let first = line_around(text, value.start);
    let head = slice(text, first);
    let column = head.len() - head.trim_start_matches([' ', '-']).len();
    let (mut changes, mut at) = (Vec::new(), first.end);
    while at < value.end {
        let rest = slice(text, Range { start: at, end: value.end });
        let line = line_around(text, at + rest.len().min(1) as u32);
        let content = slice(text, line);
        let indent = content.len() - content.trim_start_matches(' ').len();
        if line.start > at && line.start < value.end && !content.trim().is_empty() && indent <= column {
            let place = Range { start: line.start, end: line.start };
            changes.push(ProposedEdit::Replace(place, " ".repeat(column + 2 - indent)));
        }
        at = line.end.max(at + 1);
    }
    changes
}

/// Replaces tabs in the indentation with spaces.
pub(super) fn without_tabs(text: &str, width: usize) -> Vec<ProposedEdit> {
    let mut changes = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '-']).len()];
        if indent.contains('\t') {
            let spaces = indent.replace("-\t", "- ").replace('\t', &" ".repeat(width));
            changes.push(ProposedEdit::Replace(Range { start, end: start + indent.len() as u32 }, spaces));
        }
        start += line.len() as u32;
    }
    changes
}

/// Puts the text after the first colon of a line in quotes.
pub(super) fn quotes(text: &str, at: u32) -> Vec<ProposedEdit> {
    let line = line_around(text, at);
    let content = slice(text, line);
    let Some(colon) = content.find(": ") else { return Vec::new() };
    let value = &content[colon + 1..];
    let end = colon + 1 + value.find(" #").unwrap_or(value.len());
    let value = content[colon + 1..end].trim();
    let start = line.start + (content[..end].trim_end().len() - value.len()) as u32;
    if value.is_empty() || value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '*', '!']) {
        return Vec::new();
    }
    vec![ProposedEdit::Quote(Range { start, end: start + value.len() as u32 })]
}

/// Adds a space after the first colon that lacks one, in the line above or this line.
pub(super) fn space_behind_colon(text: &str, at: Range) -> Vec<ProposedEdit> {
    let line = line_around(text, at.start);
    let lines = [line_around(text, line.start.saturating_sub(1)), line];
    let mut found = lines.iter().filter_map(|line| {
        let content = slice(text, *line);
        let colon = content.find(':').filter(|colon| is_key(&content[..*colon]))?;
        let place = line.start + colon as u32 + 1;
        let is_tight = content[colon + 1..].starts_with(|letter: char| !letter.is_whitespace());
        is_tight.then(|| ProposedEdit::Replace(Range { start: place, end: place }, " ".to_owned()))
    });
    found.next().into_iter().collect()
}
