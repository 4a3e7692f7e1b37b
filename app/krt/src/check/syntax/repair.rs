//! Mends of what keeps YAML from being read: tabs, indentation, missing quotes and blanks.

use super::{is_key, slice};
use crate::check::mend::{Change, line_around};
use crate::check::places::Range;

/// How far above an error its cause is looked for.
const LINES_ABOVE: usize = 40;

/// The indentation of the line above, of whose list item it is a part.
pub(super) fn like_above(text: &str, head: u32) -> Vec<Change> {
    let line = line_around(text, head);
    let content = slice(text, line_around(text, line.start.saturating_sub(1)));
    let column = content.len() - content.trim_start_matches([' ', '-']).len();
    let too_much = Range { start: line.start + column as u32, end: head };
    if too_much.start < too_much.end { vec![Change::Replace(too_much, String::new())] } else { Vec::new() }
}

/// The bracket nearest above, in its line, that this line and those up to the place leave open; before the place's line.
pub(super) fn open_bracket(text: &str, at: u32) -> Option<Range> {
    let mut line = line_around(text, at);
    for _ in 0..LINES_ABOVE {
        let content = slice(text, line);
        let mut open = Vec::new();
        for (place, letter) in content.char_indices() {
            match letter {
                '[' | '{' => open.push(line.start + place as u32),
                ']' | '}' => drop(open.pop()),
                '#' if content[..place].ends_with(' ') => break,
                _ => {}
            }
        }
        if let Some(start) = open.first() {
            return Some(Range { start: *start, end: start + 1 });
        }
        if line.start == 0 {
            return None;
        }
        line = line_around(text, line.start - 1);
    }
    None
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

/// Spaces for the tabs that lines begin with.
pub(super) fn without_tabs(text: &str, width: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t', '-']).len()];
        if blanks.contains('\t') {
            let spaces = blanks.replace("-\t", "- ").replace('\t', &" ".repeat(width));
            changes.push(Change::Replace(Range { start, end: start + blanks.len() as u32 }, spaces));
        }
        start += line.len() as u32;
    }
    changes
}

/// Quotes around what follows the first colon of a line.
pub(super) fn quotes(text: &str, at: u32) -> Vec<Change> {
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
    vec![Change::Quote(Range { start, end: start + value.len() as u32 })]
}

/// In this line or the one above, whichever has a colon without one first.
pub(super) fn blank_behind_colon(text: &str, at: Range) -> Vec<Change> {
    let line = line_around(text, at.start);
    let lines = [line_around(text, line.start.saturating_sub(1)), line];
    let mut found = lines.iter().filter_map(|line| {
        let content = slice(text, *line);
        let colon = content.find(':').filter(|colon| is_key(&content[..*colon]))?;
        let place = line.start + colon as u32 + 1;
        let is_tight = content[colon + 1..].starts_with(|letter: char| !letter.is_whitespace());
        is_tight.then(|| Change::Replace(Range { start: place, end: place }, " ".to_owned()))
    });
    found.next().into_iter().collect()
}
