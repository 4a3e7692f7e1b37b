//! Lines of a text. A line ends with `\n`, `\r\n` or `\r`.

use super::Range;

/// The line around a position, without its line break.
pub(crate) fn line_around(text: &str, at: u32) -> Range {
    let bytes = text.as_bytes();
    let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let at = (at as usize).min(bytes.len());
    let start = bytes[..at].iter().rposition(is_break).map_or(0, |found| found + 1);
    let end = bytes[at..].iter().position(is_break).map_or(bytes.len(), |found| at + found);
    Range { start: start as u32, end: end as u32 }
}

/// The position after the line break at the end of a line.
pub(super) fn next_line(text: &str, end: u32) -> u32 {
    let rest = text.get(end as usize..).unwrap_or_default();
    let width = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    end + width as u32
}

/// All lines that a range touches, with the final line break.
pub(super) fn lines(text: &str, at: Range) -> Range {
    let last = line_around(text, at.end.max(at.start)).end;
    Range { start: line_around(text, at.start).start, end: next_line(text, last) }
}

/// The line break that the text uses first; `\n` if it has none.
pub(crate) fn line_break(text: &str) -> &'static str {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}
