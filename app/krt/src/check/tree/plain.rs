//! The plain part of YAML that nearly every manifest is written in, read in one pass over the bytes: block maps and lists,
//! words, quotes without escapes, lists and maps of words in brackets on one line, comments.
//!
//! Anything else is left to the parser, which reads all of YAML several times slower: [`read`] then answers `None`. What it
//! does read, it reads as the parser does, to the byte; tests hold both against each other.

mod scalars;
#[cfg(test)]
mod tests;

use super::Tree;
use super::builder::{Builder, MAX_VALUES};
use crate::check::places::Range;

/// The tree of a text that is written plainly and holds no mistake; `None` leaves it to the parser.
pub(super) fn read(text: &str) -> Option<Tree<'_>> {
    let mut reader = Reader { text, at: 0, builder: Builder::new(text), levels: Vec::new(), awaits_value: false };
    reader.marker();
    while let Some(column) = reader.next_content()? {
        reader.line(column)?;
    }
    if reader.awaits_value {
        return None;
    }
    let tree = reader.builder.tree();
    // Too much of something is for the parser to tell where.
    (tree.root.is_some() && tree.values.len() <= MAX_VALUES as usize).then_some(tree)
}

struct Reader<'t> {
    text: &'t str,
    /// Byte that is read next.
    at: usize,
    builder: Builder<'t>,
    /// The block maps and lists that are open, the innermost last.
    levels: Vec<Level>,
    /// A key was read whose value begins on a line below.
    awaits_value: bool,
}

#[derive(Clone, Copy, PartialEq)]
struct Level {
    /// Of its keys or dashes, in bytes from the start of the line.
    column: usize,
    is_map: bool,
}

impl<'t> Reader<'t> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn blanks(&mut self) {
        while self.byte(self.at) == Some(b' ') {
            self.at += 1;
        }
    }

    /// A `---` on the first line.
    fn marker(&mut self) {
        for marker in ["---\n", "---\r\n"] {
            if self.text.starts_with(marker) {
                self.at = marker.len();
            }
        }
    }

    /// Goes to what the next line holds that is more than blanks and a comment, and tells its column; `Some(None)` at the
    /// text's end.
    fn next_content(&mut self) -> Option<Option<usize>> {
        loop {
            let start = self.at;
            self.blanks();
            match self.byte(self.at) {
                None => return Some(None),
                Some(b'#' | b'\n' | b'\r') => self.end_of_line()?,
                Some(_) => return Some(Some(self.at - start)),
            }
        }
    }

    /// A line with a dash, a key or both.
    fn line(&mut self, column: usize) -> Option<()> {
        let start = self.at - column;
        if !self.is_dash() {
            let key = self.key()?;
            self.enter(Level { column, is_map: true }, key.start)?;
            return self.entry(key);
        }
        let dash = self.at;
        self.at += 1;
        self.blanks();
        let item = self.at;
        if self.is_dash() {
            return None;
        }
        // The parser sees a list that is not deeper than its key only behind its first dash.
        let is_level_with_key = self.levels.last().is_some_and(|parent| parent.is_map && parent.column == column);
        self.enter(Level { column, is_map: false }, if is_level_with_key { item } else { dash } as u32)?;
        match self.key() {
            Some(key) => {
                self.open(Level { column: item - start, is_map: true }, key.start)?;
                self.entry(key)
            }
            None => self.value(),
        }
    }

    fn is_dash(&self) -> bool {
        self.byte(self.at) == Some(b'-') && self.byte(self.at + 1) == Some(b' ')
    }

    /// Makes this level the innermost one: opens it below a key, to begin at `start`, or closes what is deeper.
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

    /// A key, whose place is given, and its value as far as that is on the same line.
    fn entry(&mut self, key: Range) -> Option<()> {
        self.word(key, true)?;
        self.blanks();
        match self.byte(self.at)? {
            b'\n' | b'\r' => self.awaits_value = true,
            b'#' if self.byte(self.at - 1) == Some(b' ') => self.awaits_value = true,
            _ => return self.value(),
        }
        self.end_of_line()
    }
}
