//! Positions in the text: byte offsets during the check, lines and columns only for the final diagnostics.

use std::cell::OnceCell;

use memchr::memchr2_iter;

use crate::diagnostic::Span;

/// A range of the text in bytes, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// How many bytes share one entry of the table: a lookup scans at most this many, regardless of the line's length.
const BLOCK: usize = 128;

/// For positions before this offset, lines are counted on demand, without the table of all lines.
const NEAR: usize = 4096;

/// Finds lines, columns and characters of a text without scanning all of it each time.
pub(crate) struct Places<'t> {
    text: &'t str,
    // Both tables are built on first use: a valid manifest needs no positions.
    lines: OnceCell<Vec<u32>>,
    characters: OnceCell<Vec<u32>>,
}

impl<'t> Places<'t> {
    /// The text must be shorter than 4 GiB; [`crate::check::MAX_TEXT`] ensures that.
    pub(crate) fn new(text: &'t str) -> Places<'t> {
        Places { text, lines: OnceCell::new(), characters: OnceCell::new() }
    }

    /// Byte offset at which each line starts.
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut lines = Vec::with_capacity(bytes.len() / 32 + 1);
            lines.push(0);
            for at in memchr2_iter(b'\n', b'\r', bytes) {
                if self.breaks(at) {
                    lines.push(at as u32 + 1);
                }
            }
            lines
        })
    }

    /// How many characters start before each 128th byte; empty if every character is one byte.
    fn characters(&self) -> &[u32] {
        self.characters.get_or_init(|| {
            let mut characters = Vec::new();
            if !self.text.is_ascii() {
                let mut count = 0;
                for block in self.text.as_bytes().chunks(BLOCK) {
                    characters.push(count);
                    count += starts(block);
                }
            }
            characters
        })
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The byte offset of the character with this index, or the end of the text.
    pub(crate) fn byte(&self, character: usize) -> u32 {
        let length = self.text.len();
        let characters = self.characters();
        if characters.is_empty() {
            return character.min(length) as u32;
        }
        let block = characters.partition_point(|count| *count as usize <= character).saturating_sub(1);
        let mut left = character - characters.get(block).map_or(0, |count| *count as usize);
        for (at, byte) in self.text.as_bytes().iter().enumerate().skip(block * BLOCK) {
            if is_start(*byte) {
                if left == 0 {
                    return at as u32;
                }
                left -= 1;
            }
        }
        length as u32
    }

    /// The range with lines and columns, both from 1; columns count characters.
    pub(crate) fn span(&self, range: Range) -> Span {
        let (line, column) = self.line_and_column(range.start);
        let (end_line, end_column) = self.line_and_column(range.end);
        Span { start: range.start, end: range.end, line, column, end_line, end_column }
    }

    /// The range from `start` to the end of its line, without trailing whitespace.
    pub(crate) fn rest_of_line(&self, start: u32) -> Range {
        let rest = self.text.get(start as usize..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        Range { start, end: start + line.trim_end().len() as u32 }
    }

    fn line_and_column(&self, at: u32) -> (u32, u32) {
        let (line, start) = self.line(at);
        // The table of characters is used only far into a long line.
        let before = self.text.as_bytes().get(start as usize..at as usize).filter(|before| before.len() < NEAR);
        (line, before.map_or_else(|| self.character(at) - self.character(start), starts) + 1)
    }

    /// The number of the line that contains a byte, from 1, and the offset where the line begins.
    fn line(&self, at: u32) -> (u32, u32) {
        let before = self.text.as_bytes().get(..at as usize).unwrap_or(self.text.as_bytes());
        if before.len() < NEAR {
            let breaks = memchr2_iter(b'\n', b'\r', before).filter(|end| self.breaks(*end));
            return breaks.fold((1, 0), |(line, _), end| (line + 1, end as u32 + 1));
        }
        let lines = self.lines();
        let line = lines.partition_point(|start| *start <= at);
        (line as u32, lines.get(line - 1).copied().unwrap_or(0))
    }

    /// Whether a line ends with this byte, which must be a line feed or a carriage return.
    fn breaks(&self, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes[end] == b'\n' || bytes.get(end + 1) != Some(&b'\n')
    }

    fn character(&self, at: u32) -> u32 {
        let characters = self.characters();
        let block = (at as usize / BLOCK).min(characters.len().saturating_sub(1));
        let Some(count) = characters.get(block) else { return at };
        let from = block * BLOCK;
        count + self.text.as_bytes().get(from..at as usize).map_or(0, starts)
    }
}

fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| is_start(**byte)).count() as u32
}

/// Whether a byte is not a continuation byte of UTF-8.
fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lines_and_columns_agree_with_a_walk_through_the_text() {
        let text = "año: ñandú\r\nb: 1\rc: 🚀🚀x\n\nlast".repeat(400);
        let places = Places::new(&text);
        let (mut line, mut column) = (1, 1);
        let mut characters = text.char_indices().enumerate().peekable();
        while let Some((n, (at, character))) = characters.next() {
            assert_eq!(places.byte(n), at as u32);
            let span = places.span(Range { start: at as u32, end: at as u32 });
            assert_eq!((span.line, span.column), (line, column), "byte {at}");
            let next = characters.peek().map(|(_, (_, next))| *next);
            column += 1;
            if character == '\n' || (character == '\r' && next != Some('\n')) {
                (line, column) = (line + 1, 1);
            }
        }
        assert_eq!(places.byte(usize::MAX), text.len() as u32);
    }
}
