//! Reads one pair of brackets token by token.

use super::Fault;
use crate::text::{Range, line_around};

/// An open bracket.
struct Open {
    at: u32,
    is_map: bool,
    /// Indentation of its line; `None` if the line begins with it.
    indent: Option<usize>,
    /// Whether the current entry has its `:`.
    has_colon: bool,
    /// The last key or value of the current entry, and whether it is quoted or in brackets.
    last: Option<(Range, bool)>,
}

pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Indentation of the line that opens the first bracket, if that is in a block.
    column: Option<usize>,
    open: Vec<Open>,
    /// Offset of the line's content, and its indentation.
    content: (usize, usize),
    /// The end of the last token.
    end: u32,
    /// The first bracket that contains an entry further left than the line that opens the bracket: it is more likely to
    /// be unclosed than one around it.
    suspect: Option<u32>,
}

/// The end of the brackets that open here. Fails with the first error in them.
pub(super) fn read(text: &str, start: usize, column: Option<usize>) -> Result<usize, Fault> {
    let head = line_around(text, start as u32).start as usize;
    let indent = text[head..].len() - text[head..].trim_start_matches([' ', '\t']).len();
    let content = (head + indent, indent);
    let mut lexer = Lexer { text, at: start, column, open: Vec::new(), content, end: start as u32, suspect: None };
    loop {
        let fault = match lexer.skip().and_then(|()| lexer.sign()) {
            Ok(()) if lexer.open.is_empty() => return Ok(lexer.at),
            Ok(()) => continue,
            Err(fault) => fault,
        };
        let is_of_entries = matches!(fault, Fault::Comma { .. } | Fault::Colon { .. } | Fault::Dash { .. });
        return Err(if is_of_entries && lexer.is_left_open() { lexer.not_closed() } else { fault });
    }
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips whitespace, comments and line breaks.
    fn skip(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest();
            let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let rest = &rest[spaces..];
            self.at += spaces;
            if rest.starts_with('#') {
                self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            } else if rest.starts_with(['\n', '\r']) {
                self.at += 1;
                self.line()?;
            } else if rest.is_empty() {
                return Err(self.not_closed());
            } else {
                return Ok(());
            }
        }
    }

    /// Reads the beginning of a line. Fails if it is a key of the surrounding block, since then a bracket above is
    /// unclosed.
    fn line(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        let content = rest.trim_start_matches([' ', '\t']);
        let column = rest.len() - content.len();
        self.content = (self.at + column, column);
        let content = &content[..content.find(['\n', '\r']).unwrap_or(content.len())];
        if content.is_empty() || content.starts_with(['#', ']', '}', ',']) {
            return Ok(());
        }
        if self.column.is_some_and(|outer| column <= outer) && is_of_a_block(content) {
            return Err(self.not_closed());
        }
        if let Some(open) = self.open.last().filter(|open| open.indent.is_some_and(|indent| column <= indent)) {
            self.suspect.get_or_insert(open.at);
        }
        Ok(())
    }

    /// Whether a key of the surrounding block comes before the brackets are closed. If so, the content is probably a
    /// block.
    fn is_left_open(&self) -> bool {
        let Some(outer) = self.column else { return false };
        let mut depth = self.open.len();
        for line in self.rest().split_inclusive(['\n', '\r']) {
            let content = line.trim_start_matches([' ', '\t']);
            let is_first = line.as_ptr() == self.rest().as_ptr();
            if !is_first && line.len() - content.len() <= outer && is_of_a_block(content.trim_end()) {
                return true;
            }
            let content = content.split(" #").next().unwrap_or_default();
            for letter in content.chars() {
                match letter {
                    '[' | '{' => depth += 1,
                    ']' | '}' if depth <= 1 => return false,
                    ']' | '}' => depth -= 1,
                    _ => {}
                }
            }
        }
        true
    }

    fn not_closed(&self) -> Fault {
        let innermost = self.open.last().map_or(self.end, |open| open.at);
        match self.suspect {
            Some(open) => Fault::NotClosed { open, end: self.end },
            None => Fault::NotClosed { open: innermost, end: self.end },
        }
    }

    fn sign(&mut self) -> Result<(), Fault> {
        let at = self.at as u32;
        let rest = self.rest();
        match rest.as_bytes().first() {
            Some(sign @ (b'[' | b'{')) => {
                self.entry(Range { start: at, end: at + 1 })?;
                let indent = (self.content.0 != self.at).then_some(self.content.1);
                self.open.push(Open { at, is_map: *sign == b'{', indent, has_colon: false, last: None });
                self.take(1);
            }
            Some(sign @ (b']' | b'}')) => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                if open.is_map != (*sign == b'}') {
                    let is_deeper = self.suspect.filter(|suspect| *suspect == open.at);
                    return Err(match is_deeper {
                        Some(open) => Fault::NotClosed { open, end: self.end },
                        None => Fault::WrongClose { open: open.at, close: at },
                    });
                }
                self.take(1);
                self.read(Range { start: open.at, end: at + 1 }, true);
            }
            Some(b',') => {
                if let Some(open) = self.open.last_mut() {
                    (open.has_colon, open.last) = (false, None);
                }
                self.take(1);
            }
            Some(b':') if self.is_colon(1) => self.colon(),
            Some(mark @ (b'"' | b'\'')) => self.quoted(char::from(*mark))?,
            Some(b'-') if rest[1..].starts_with([' ', '\t']) => return Err(Fault::Dash { at }),
            _ => self.plain()?,
        }
        Ok(())
    }

    /// Called at the beginning of a key or value: only one is allowed on each side of the colon.
    fn entry(&mut self, next: Range) -> Result<(), Fault> {
        let Some(open) = self.open.last() else { return Ok(()) };
        let Some((last, is_quoted)) = open.last else { return Ok(()) };
        let lacks_colon = open.is_map && !open.has_colon && is_quoted && !self.is_key(next);
        Err(if lacks_colon { Fault::Colon { key: last } } else { Fault::Comma { end: last.end, next } })
    }

    /// Whether a colon follows this quoted text.
    fn is_key(&self, quotes: Range) -> bool {
        let rest = self.text.get(quotes.start as usize..).unwrap_or_default();
        let Some(mark) = rest.chars().next().filter(|mark| matches!(mark, '"' | '\'')) else { return false };
        quoted_end(rest, mark).is_some_and(|end| rest[end..].trim_start().starts_with(':'))
    }

    fn read(&mut self, at: Range, is_closed: bool) {
        if let Some(open) = self.open.last_mut() {
            open.last = Some((at, is_closed));
        }
        self.end = at.end;
    }

    fn take(&mut self, bytes: usize) {
        self.at += bytes;
        self.end = self.at as u32;
    }

    fn colon(&mut self) {
        if let Some(open) = self.open.last_mut() {
            (open.has_colon, open.last) = (true, None);
        }
        self.take(1);
    }

    /// Whether the `:` here ends a key: it is followed by whitespace, or directly follows quotes or brackets.
    fn is_colon(&self, behind: usize) -> bool {
        let next = self.rest().get(behind..).and_then(|rest| rest.chars().next());
        let is_adjacent = self.open.last().and_then(|open| open.last).is_some_and(|(_, is_closed)| is_closed);
        is_adjacent || next.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '[' | ']' | '{' | '}'))
    }

    fn quoted(&mut self, mark: char) -> Result<(), Fault> {
        let (start, rest) = (self.at as u32, self.rest());
        let Some(end) = quoted_end(rest, mark) else { return Err(Fault::Quote { open: start }) };
        let behind = rest[end..].chars().next();
        let ends_well = behind.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ':' | ']' | '}'));
        // Unclosed quotes extend to the next quotes.
        if rest[..end].contains(['\n', '\r']) && !ends_well {
            return Err(Fault::Quote { open: start });
        }
        let at = Range { start, end: start + end as u32 };
        self.entry(at)?;
        self.at += end;
        self.read(at, true);
        Ok(())
    }

    /// Reads words up to the next delimiter, across lines. If a colon follows and the entry has one, the last word is
    /// the next key.
    fn plain(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let mut words: Vec<Range> = Vec::new();
        loop {
            let rest = self.rest();
            let from = self.at as u32;
            let mut end = rest.len();
            for (place, letter) in rest.char_indices() {
                let is_colon = letter == ':' && {
                    let next = rest[place + 1..].chars().next();
                    next.is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '[' | ']' | '{' | '}'))
                };
                if letter.is_whitespace() || is_colon || matches!(letter, ',' | '[' | ']' | '{' | '}') {
                    end = place;
                    break;
                }
            }
            if end == 0 {
                break;
            }
            words.push(Range { start: from, end: from + end as u32 });
            self.take(end);
            self.skip()?;
            if self.rest().starts_with(':') && self.is_colon(1) {
                break;
            }
        }
        let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else {
            // A character that begins nothing: the parser reports it.
            self.take(self.rest().chars().next().map_or(1, char::len_utf8));
            return Ok(());
        };
        self.entry(Range { start: start as u32, end: first.end })?;
        let has_colon = self.open.last().is_some_and(|open| open.has_colon);
        if has_colon && self.rest().starts_with(':') && self.is_colon(1) && words.len() > 1 {
            return Err(Fault::Comma { end: words[words.len() - 2].end, next: last });
        }
        self.read(Range { start: start as u32, end: last.end }, false);
        Ok(())
    }
}

/// Whether a line reads as a key or an item of a block.
pub(super) fn is_of_a_block(content: &str) -> bool {
    let content = content.trim_start_matches("- ");
    let key = content.split(':').next().unwrap_or_default();
    let is_word =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let behind = content.get(key.len() + 1..);
    is_word && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// The length of a quoted text in bytes, with its quotes; `None` if they are not closed.
pub(super) fn quoted_end(text: &str, mark: char) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' && mark == '"' {
            at += 2;
        } else if char::from(*byte) != mark {
            at += 1;
        } else if mark == '\'' && bytes.get(at + 1) == Some(&b'\'') {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
    None
}
