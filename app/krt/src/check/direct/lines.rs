//! Reads maps, lists and texts of a block, using their columns.

use crate::check::cursor::Cursor;
use crate::check::draft::Text;
use crate::check::key::Key;
use crate::check::tree::MAX_VALUES;
use crate::text::{Meaning, Range, meaning};

/// The column that stands for the end of the text.
const END: isize = -1;

pub(super) struct Lines<'t> {
    cursor: Cursor<'t>,
    /// Column of the next key or dash, from the start of its line.
    column: isize,
    /// Column of the innermost map that is being read.
    map: isize,
    /// The number of values read so far.
    values: u32,
    /// Byte offset of the end of the last value if it was a text, otherwise 0.
    end: u32,
}

impl<'t> Lines<'t> {
    /// At the first key of a text, which must begin in column 0.
    pub(super) fn of(text: &'t str) -> Option<Lines<'t>> {
        let mut lines = Lines { cursor: Cursor::new(text), column: END, map: 0, values: 1, end: 0 };
        lines.advance()?;
        (lines.column == 0).then_some(lines)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.column == END && self.values <= MAX_VALUES
    }

    #[inline]
    fn advance(&mut self) -> Option<()> {
        self.column = self.cursor.next_content()?.map_or(END, |column| column as isize);
        Some(())
    }

    /// Reads the entries of a map whose keys are in this column; the first key is next. Each key may occur once;
    /// `entry` reads its value. Returns the range of the first entry, including its value if that is a text.
    pub(super) fn map(
        &mut self,
        column: usize,
        mut entry: impl FnMut(&mut Lines<'t>, Key) -> Option<()>,
    ) -> Option<Range> {
        let around = std::mem::replace(&mut self.map, column as isize);
        let (mut seen, mut head) = (0u32, None);
        loop {
            let at = self.cursor.key()?;
            let key = Key::of(self.cursor.slice(at)?)?;
            let bit = 1 << key as u32;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            self.values += 2;
            entry(self, key)?;
            head.get_or_insert(Range { start: at.start, end: self.end.max(at.end) });
            if self.column != column as isize {
                break;
            }
        }
        (self.map, self.end) = (around, 0);
        // Deeper content would belong to nothing.
        (self.column < column as isize).then_some(())?;
        head
    }

    /// After a key: the column of the block below it, which must be deeper.
    pub(super) fn below(&mut self) -> Option<usize> {
        self.next_line()?;
        (self.column > self.map).then_some(self.column as usize)
    }

    #[inline]
    fn next_line(&mut self) -> Option<()> {
        self.cursor.spaces();
        self.cursor.value_is_below()?.then_some(())?;
        self.cursor.end_of_line()?;
        self.advance()
    }

    /// After a key: reads a list of maps; `item` reads each map and receives the column of its keys.
    pub(super) fn list(&mut self, item: impl FnMut(&mut Lines<'t>, usize) -> Option<()>) -> Option<()> {
        self.next_line()?;
        self.items(item)
    }

    /// After a key: reads a list of texts, in brackets or below the key, and passes each to `take`.
    pub(super) fn texts(&mut self, mut take: impl FnMut(Text<'t>)) -> Option<()> {
        self.cursor.spaces();
        if self.cursor.next() == Some(b'[') {
            self.in_brackets(take)?;
            self.cursor.end_behind_sign()?;
            self.advance()?;
        } else {
            self.next_line()?;
            self.items(|lines, _| {
                take(lines.text_here()?);
                lines.advance()
            })?;
        }
        self.end = 0;
        Some(())
    }

    /// Reads list items. The dashes may be in the column of the key.
    fn items(&mut self, mut item: impl FnMut(&mut Lines<'t>, usize) -> Option<()>) -> Option<()> {
        let column = self.column;
        (column >= self.map && self.cursor.is_dash()).then_some(())?;
        while self.column == column && self.cursor.is_dash() {
            let dash = self.cursor.at;
            self.cursor.at += 1;
            self.cursor.spaces();
            self.values += 1;
            item(self, column as usize + self.cursor.at - dash)?;
        }
        self.end = 0;
        // Deeper content would belong to nothing.
        (self.column <= column).then_some(())
    }

    fn in_brackets(&mut self, mut item: impl FnMut(Text<'t>)) -> Option<()> {
        loop {
            self.cursor.at += 1;
            self.cursor.spaces();
            self.values += 1;
            item(match self.cursor.next()? {
                quote @ (b'"' | b'\'') => self.quoted(quote)?,
                byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                    let at = self.cursor.word();
                    self.plain(at)?
                }
                _ => return None,
            });
            self.cursor.spaces();
            match self.cursor.next()? {
                b',' => {}
                b']' => {
                    self.cursor.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// After a key: reads a text on the same line into `to`. Returning the text would take longer than reading it.
    pub(super) fn text(&mut self, to: &mut Option<Text<'t>>) -> Option<()> {
        self.cursor.spaces();
        let text = self.text_here()?;
        self.end = text.at.end;
        *to = Some(text);
        self.advance()
    }

    /// After a key: the meaning of an unquoted word on the same line.
    pub(super) fn meaning(&mut self) -> Option<Meaning> {
        self.cursor.spaces();
        Cursor::begins_words(self.cursor.next()?).then_some(())?;
        let at = self.cursor.words()?;
        self.cursor.end_of_line()?;
        self.end = at.end;
        self.advance()?;
        Some(meaning(self.cursor.slice(at)?))
    }

    /// Reads a text and the end of its line.
    #[inline(always)]
    fn text_here(&mut self) -> Option<Text<'t>> {
        match self.cursor.next()? {
            quote @ (b'"' | b'\'') => {
                let text = self.quoted(quote)?;
                self.cursor.end_behind_sign()?;
                Some(text)
            }
            byte if Cursor::begins_words(byte) => {
                let at = self.cursor.words()?;
                self.cursor.end_of_line()?;
                self.plain(at)
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn quoted(&mut self, quote: u8) -> Option<Text<'t>> {
        let at = self.cursor.quoted(quote)?;
        let value = self.cursor.slice(Range { start: at.start + 1, end: at.end - 1 })?;
        (!value.is_empty()).then_some(Text { value, at })
    }

    /// Unquoted text that YAML does not read as another type.
    #[inline(always)]
    fn plain(&self, at: Range) -> Option<Text<'t>> {
        let value = self.cursor.slice(at)?;
        meaning(value).name().is_none().then_some(Text { value, at })
    }
}
