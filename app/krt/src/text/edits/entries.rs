//! Items of lists and entries of maps in the text: finds, removes and inserts them with their lines.

use super::as_scalar;
use crate::text::Range;
use crate::text::lines::{line_around, line_break, lines, next_line};

/// The text before a position on its line.
fn before(text: &str, at: u32) -> &str {
    text.get(line_around(text, at).start as usize..at as usize).unwrap_or_default()
}

/// Whether only whitespace or a comment follows on the line.
fn ends_line(text: &str, at: u32) -> bool {
    let rest = text.get(at as usize..line_around(text, at).end as usize).unwrap_or_default();
    rest.trim().is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
}

/// The range to delete with an item of a list: its line, or the item with its comma.
pub(super) fn item(text: &str, at: Range) -> Option<Range> {
    let head = before(text, at.start).trim();
    if head == "-" && ends_line(text, at.end) {
        return Some(lines(text, at));
    }
    in_flow(text, at)
}

/// The text of several items that replace the one in this range.
pub(super) fn items(text: &str, at: Range, names: &[String]) -> Option<String> {
    let head = before(text, at.start);
    let names: Vec<String> = names.iter().map(|name| as_scalar(name)).collect();
    if head.trim() == "-" {
        return ends_line(text, at.end).then(|| names.join(&format!("{}{head}", line_break(text))));
    }
    Some(names.join(", "))
}

/// An item or entry in flow style, with its comma.
fn in_flow(text: &str, at: Range) -> Option<Range> {
    let behind = text.get(at.end as usize..)?;
    let ahead = text.get(..at.start as usize)?.trim_end();
    let after = behind.trim_start();
    // A comment may end with a comma.
    if before(text, ahead.len() as u32).contains('#') {
        return None;
    }
    if ahead.ends_with(',') && after.starts_with([',', ']', '}']) {
        return Some(Range { start: ahead.len() as u32 - 1, end: at.end });
    }
    if ahead.ends_with(['[', '{']) && after.starts_with(',') {
        let rest = after[1..].trim_start();
        return Some(Range { start: at.start, end: (text.len() - rest.len()) as u32 });
    }
    (ahead.ends_with(['[', '{']) && after.starts_with([']', '}'])).then_some(at)
}

/// A key with its value: their lines in block style, or both with a comma in flow style.
pub(super) fn whole(text: &str, key: Range, value: Range) -> Option<Range> {
    let end = value.end.max(key.end);
    if before(text, key.start).trim().is_empty() && ends_line(text, end) {
        return Some(lines(text, Range { start: key.start, end }));
    }
    in_flow(text, Range { start: key.start, end: end.max(colon(text, key)?) })
}

/// The position after the colon that ends a key.
pub(super) fn colon(text: &str, key: Range) -> Option<u32> {
    let rest = text.get(key.end as usize..)?;
    let at = rest.find(|letter: char| letter != ' ')?;
    rest[at..].starts_with(':').then(|| key.end + at as u32 + 1)
}

/// Turns an entry into a comment: inserts `# ` in each of its lines, in the column of the key.
pub(super) fn commented(text: &str, key: Range, value: Range) -> Option<Vec<(Range, String)>> {
    let end = value.end.max(key.end);
    let indent = before(text, key.start);
    if !indent.trim().is_empty() || !ends_line(text, end) {
        return None;
    }
    let (mut at, mut edits) = (key.start - indent.len() as u32, Vec::new());
    while at < end {
        let this = line_around(text, at);
        let content = text.get(this.start as usize..this.end as usize)?;
        let spaces = content.len() - content.trim_start_matches(' ').len();
        let place = this.start + spaces.min(indent.len()) as u32;
        if !content.trim().is_empty() {
            edits.push((Range { start: place, end: place }, "# ".to_owned()));
        }
        at = next_line(text, this.end).max(at + 1);
    }
    Some(edits)
}

/// Inserts an entry on its own line after the entry that ends at `end`, or before the entry with this key.
pub(super) fn inserted(text: &str, key: Range, end: u32, entry: &str) -> Option<(Range, String)> {
    let at = |place: u32| Range { start: place, end: place };
    let head = before(text, key.start);
    let is_block = head.bytes().all(|byte| matches!(byte, b' ' | b'-' | b'?' | 0xef | 0xbb | 0xbf));
    if !is_block {
        return Some((at(key.start), format!("{entry}, ")));
    }
    let column = head.trim_start_matches('\u{feff}').len();
    let new_line = format!("{}{}", line_break(text), " ".repeat(column));
    let is_one_line = line_around(text, key.start).end == line_around(text, end).end;
    if end > key.start && is_one_line && ends_line(text, end) {
        return Some((at(line_around(text, end).end), format!("{new_line}{entry}")));
    }
    Some((at(key.start), format!("{entry}{new_line}")))
}
