//! Where in the text: byte offsets while checking, lines and columns only for what is told in the end.

use crate::diagnostic::Span;

/// A stretch of the text in bytes, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// How many bytes share one entry of the table: a lookup walks over at most that many, whatever the line's length.
const BLOCK: usize = 128;

/// Finds lines, columns and characters of a text without walking through all of it each time.
pub(crate) struct Places<'t> {
    text: &'t str,
    /// Byte offset at which each line starts.
    lines: Vec<u32>,
    /// How many characters start before each 128th byte; empty when every character is one byte.
    characters: Vec<u32>,
}

impl<'t> Places<'t> {
    /// The text must be shorter than 4 GiB; [`super::MAX_TEXT`] sees to that.
    pub(crate) fn new(text: &'t str) -> Places<'t> {
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let breaks = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if breaks {
                lines.push(at as u32 + 1);
            }
        }
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for block in bytes.chunks(BLOCK) {
                characters.push(count);
                count += starts(block);
            }
        }
        Places { text, lines, characters }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The byte offset of the n-th character, or the text's end.
    pub(crate) fn byte(&self, character: usize) -> u32 {
        let length = self.text.len();
        if self.characters.is_empty() {
            return character.min(length) as u32;
        }
        let block = self.characters.partition_point(|count| *count as usize <= character).saturating_sub(1);
        let mut left = character - self.characters.get(block).map_or(0, |count| *count as usize);
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

    /// With lines and columns, both from 1, columns in characters.
    pub(crate) fn span(&self, range: Range) -> Span {
        let (line, column) = self.line_and_column(range.start);
        let (end_line, end_column) = self.line_and_column(range.end);
        Span { start: range.start, end: range.end, line, column, end_line, end_column }
    }

    /// The place from `start` to the end of its line, without trailing blanks.
    pub(crate) fn rest_of_line(&self, start: u32) -> Range {
        let rest = self.text.get(start as usize..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        Range { start, end: start + line.trim_end().len() as u32 }
    }

    fn line_and_column(&self, at: u32) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        (line as u32, self.character(at) - self.character(start) + 1)
    }

    fn character(&self, at: u32) -> u32 {
        let Some(count) = self.characters.get((at as usize / BLOCK).min(self.characters.len().saturating_sub(1)))
        else {
            return at;
        };
        let from = (at as usize / BLOCK).min(self.characters.len() - 1) * BLOCK;
        count + self.text.as_bytes().get(from..at as usize).map_or(0, starts)
    }
}

fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| is_start(**byte)).count() as u32
}

/// Not a continuation byte of UTF-8.
fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_lines_and_columns_agree_with_a_walk_through_the_text() {
        let text = "año: ñandú\r\nb: 1\rc: 🚀🚀x\n\nlast".repeat(40);
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
