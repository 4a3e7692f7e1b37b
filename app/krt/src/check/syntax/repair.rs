//! Mends of what keeps YAML from being read: tabs, indentation, missing quotes and blanks.

use super::{is_key, slice};
use crate::check::fixes::{ProposedEdit, line_around};
use crate::check::places::Range;

/// How far above an error its cause is looked for.
const LINES_ABOVE: usize = 40;

/// The indentation of the line above, of whose list item it is a part.
pub(super) fn like_above(text: &str, head: u32) -> Vec<ProposedEdit> {
    let line = line_around(text, head);
    let content = slice(text, line_around(text, line.start.saturating_sub(1)));
    let column = content.len() - content.trim_start_matches([' ', '-']).len();
    vec![ProposedEdit::Replace(Range { start: line.start, end: head }, " ".repeat(column))]
}

/// The nearest line above that should have been a key and its value: the first of those that have no colon with a blank
/// behind it. `None` when the line above is in order.
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

/// The quotes that open here are closed at the end of the line.
pub(super) fn closed_quotes(text: &str, at: u32) -> Vec<ProposedEdit> {
    let rest = slice(text, Range { start: at, end: line_around(text, at).end }).trim_end();
    let end = at + rest.len() as u32;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '"' | '\'')).map(String::from);
    mark.map(|mark| ProposedEdit::Replace(Range { start: end, end }, mark)).into_iter().collect()
}

/// The first line from here on that begins with a tab, where it does; else the place itself.
pub(super) fn first_tab(text: &str, at: u32) -> u32 {
    let mut start = line_around(text, at).start;
    for line in text[start as usize..].split_inclusive(['\n', '\r']).take(2) {
        let blanks = line.len() - line.trim_start_matches([' ', '-', '\t']).len();
        if let Some(tab) = line[..blanks].find('\t') {
            return start + tab as u32;
        }
        start += line.len() as u32;
    }
    at
}

/// The lines behind the first one of a value, each deeper than the key that the value belongs to.
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

/// Spaces for the tabs that lines begin with.
pub(super) fn without_tabs(text: &str, width: usize) -> Vec<ProposedEdit> {
    let mut changes = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t', '-']).len()];
        if blanks.contains('\t') {
            let spaces = blanks.replace("-\t", "- ").replace('\t', &" ".repeat(width));
            changes.push(ProposedEdit::Replace(Range { start, end: start + blanks.len() as u32 }, spaces));
        }
        start += line.len() as u32;
    }
    changes
}

/// Quotes around what follows the first colon of a line.
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

/// A space behind the first colon, when it has none: in this line or the one above.
pub(super) fn blank_behind_colon(text: &str, at: Range) -> Vec<ProposedEdit> {
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
