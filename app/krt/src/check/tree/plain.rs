//! Reads the plain subset of YAML that nearly all manifests use, in one pass over the bytes: block maps and lists,
//! words, quotes without escapes, lists and maps of words in brackets on one line, and comments.
//!
//! For anything else, [`read`] returns `None` and leaves the text to the parser, which supports all of YAML and is
//! several times slower. Otherwise the tree equals that of the parser, including all positions; tests compare both.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::builder::{Builder, MAX_VALUES};
use super::{Scalar, Tree};
use crate::check::cursor::Cursor;
use crate::check::key::Key;
use crate::text::Range;

/// The tree of a plainly written text without errors; `None` leaves the text to the parser.
pub(super) fn read(text: &str) -> Option<Tree<'_>> {
    let (cursor, builder) = (Cursor::new(text), Builder::new(text));
    let mut reader = Reader { cursor, builder, levels: Vec::new(), awaits_value: false };
    while let Some(column) = reader.cursor.next_content()? {
        reader.line(column)?;
    }
    if reader.awaits_value {
        return None;
    }
    let tree = reader.builder.tree();
    // If a limit is exceeded, the parser reports where.
    (tree.root.is_some() && tree.values.len() <= MAX_VALUES as usize).then_some(tree)
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    builder: Builder<'t>,
    /// The block maps and lists that are open, the innermost last.
    levels: Vec<Level>,
    /// Whether a key was read whose value begins on a line below.
    awaits_value: bool,
}

#[derive(Clone, Copy, PartialEq)]
struct Level {
    /// Column of its keys or dashes, in bytes from the start of the line.
    column: usize,
    is_map: bool,
}

impl<'t> Reader<'t> {
    /// Reads a line with a dash, a key or both.
    fn line(&mut self, column: usize) -> Option<()> {
        let start = self.cursor.at - column;
        if !self.cursor.is_dash() {
            let key = self.cursor.key()?;
            self.enter(Level { column, is_map: true }, key.start)?;
            return self.entry(key);
        }
        let dash = self.cursor.at;
        self.cursor.at += 1;
        self.cursor.spaces();
        let item = self.cursor.at;
        if self.cursor.is_dash() {
            return None;
        }
        // For the parser, a list that is not deeper than its key begins only after its first dash.
        let is_level_with_key = self.levels.last().is_some_and(|parent| parent.is_map && parent.column == column);
        self.enter(Level { column, is_map: false }, if is_level_with_key { item } else { dash } as u32)?;
        match self.cursor.key() {
            Some(key) => {
                self.open(Level { column: item - start, is_map: true }, key.start)?;
                self.entry(key)
            }
            None => self.value(),
        }
    }

    /// Makes this level the innermost one: opens it below a key, beginning at `start`, or closes deeper levels.
    fn enter(&mut self, level: Level, start: u32) -> Option<()> {
        if std::mem::take(&mut self.awaits_value) {
            let parent = self.levels.last()?;
            let is_deeper = level.column > parent.column;
            // A list may have its dashes in the column of its key.
            let is_list_of_key = !level.is_map && level.column == parent.column;
            return if is_deeper || is_list_of_key { self.open(level, start) } else { None };
        }
        let Some(innermost) = self.levels.last() else {
            return if level == (Level { column: 0, is_map: true }) { self.open(level, start) } else { None };
        };
        if *innermost == level {
            return Some(());
        }
        let is_below = |open: &Level| open.column > level.column || open.column == level.column && level.is_map;
        while self.levels.last().is_some_and(|open| *open != level && is_below(open)) {
            self.levels.pop();
            self.builder.end_of_block().ok()?;
        }
        (self.levels.last() == Some(&level)).then_some(())
    }

    fn open(&mut self, level: Level, start: u32) -> Option<()> {
        self.levels.push(level);
        self.builder.begin_plain(start, level.is_map).ok()
    }

    /// Adds the key in this range and reads its value, if that is on the same line.
    fn entry(&mut self, key: Range) -> Option<()> {
        self.word(key, true)?;
        self.cursor.spaces();
        if !self.cursor.value_is_below()? {
            return self.value();
        }
        self.awaits_value = true;
        self.cursor.end_of_line()
    }

    /// Reads a value on this line, and the end of the line.
    fn value(&mut self) -> Option<()> {
        match self.cursor.next()? {
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            b'[' => self.brackets(false)?,
            b'{' => self.brackets(true)?,
            byte if Cursor::begins_words(byte) => {
                let at = self.cursor.words()?;
                self.word(at, false)?;
                return self.cursor.end_of_line();
            }
            _ => return None,
        }
        self.cursor.end_behind_sign()
    }

    /// Reads a list of single words in brackets, or a map of them in braces.
    fn brackets(&mut self, is_map: bool) -> Option<()> {
        self.builder.begin_plain(self.cursor.at as u32, is_map).ok()?;
        self.cursor.at += 1;
        loop {
            self.cursor.spaces();
            if is_map {
                let key = self.cursor.key()?;
                self.word(key, true)?;
                self.cursor.spaces();
            }
            match self.cursor.next()? {
                quote @ (b'"' | b'\'') => self.quoted(quote)?,
                byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                    let at = self.cursor.word();
                    self.word(at, false)?;
                }
                _ => return None,
            }
            self.cursor.spaces();
            let sign = self.cursor.next()?;
            self.cursor.at += 1;
            match sign {
                b',' => {}
                b']' if !is_map => return self.builder.end_at(self.cursor.at as u32).ok(),
                b'}' if is_map => return self.builder.end_at(self.cursor.at as u32).ok(),
                _ => return None,
            }
        }
    }

    fn quoted(&mut self, quote: u8) -> Option<()> {
        let at = self.cursor.quoted(quote)?;
        let text = self.cursor.slice(Range { start: at.start + 1, end: at.end - 1 })?;
        self.builder.leaf(at, Scalar { text: Cow::Borrowed(text), plain: false }, None);
        Some(())
    }

    fn word(&mut self, at: Range, is_key: bool) -> Option<()> {
        let text = self.cursor.slice(at)?;
        let key = if is_key { Key::of(text) } else { None };
        self.builder.leaf(at, Scalar { text: Cow::Borrowed(text), plain: true }, key);
        Some(())
    }
}
