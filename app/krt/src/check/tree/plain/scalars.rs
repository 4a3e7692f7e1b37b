//! Keys and values on one line.

use std::borrow::Cow;

use super::Reader;
use crate::check::key::Key;
use crate::check::places::Range;
use crate::check::tree::Scalar;

/// The longest key that is read here; YAML itself stops at 1,024 characters.
const MAX_KEY: usize = 128;

impl Reader<'_> {
    /// A key with its colon, which is then behind us; the place tells the key alone.
    pub(super) fn key(&mut self) -> Option<Range> {
        let bytes = self.text.as_bytes();
        let is_first = bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let end = self.end_of_word();
        let is_key = is_first
            && end - self.at <= MAX_KEY
            && end < bytes.len()
            && bytes[end] == b':'
            && matches!(bytes.get(end + 1), Some(b' ' | b'\n' | b'\r'));
        let key = Range { start: self.at as u32, end: end as u32 };
        is_key.then(|| self.at = end + 1)?;
        Some(key)
    }

    /// A value on this line, and the line's end.
    pub(super) fn value(&mut self) -> Option<()> {
        match self.byte(self.at)? {
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            b'[' => self.brackets(false)?,
            b'{' => self.brackets(true)?,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'/' | 0xc3.. => return self.words(),
            _ => return None,
        }
        let end = self.at;
        self.blanks();
        if self.byte(self.at) == Some(b'#') && self.at == end {
            return None;
        }
        self.end_of_line()
    }

    /// Text in quotes, without escapes.
    fn quoted(&mut self, quote: u8) -> Option<()> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let length = bytes[start..].iter().position(|byte| *byte == quote || !is_simple(*byte) || *byte == b'\\')?;
        let end = start + length;
        if bytes[end] != quote || bytes.get(end + 1) == Some(&quote) {
            return None;
        }
        self.at = end + 1;
        let at = Range { start: start as u32 - 1, end: self.at as u32 };
        let text = Cow::Borrowed(self.text.get(start..end)?);
        self.builder.leaf(at, Scalar { text, plain: false }, None);
        Some(())
    }

    /// Text without quotes, up to the line's end or a comment.
    fn words(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut end = start;
        loop {
            while bytes.get(self.at).is_some_and(|byte| ORDINARY[usize::from(*byte)]) {
                self.at += 1;
            }
            if bytes[self.at - 1] != b' ' {
                end = self.at;
            }
            match bytes.get(self.at) {
                None | Some(b'\n' | b'\r') => break,
                Some(b'#') if bytes[self.at - 1] == b' ' => break,
                Some(b':') if bytes.get(self.at + 1).is_none_or(|next| matches!(next, b' ' | b'\n' | b'\r')) => {
                    return None;
                }
                Some(b' ' | b'#' | b':') => self.at += 1,
                Some(_) => return None,
            }
        }
        let at = Range { start: start as u32, end: end as u32 };
        self.word(at, false)?;
        self.end_of_line()
    }

    /// A list of single words in brackets, or a map of them in braces.
    fn brackets(&mut self, is_map: bool) -> Option<()> {
        self.builder.begin_plain(self.at as u32, is_map).ok()?;
        self.at += 1;
        loop {
            self.blanks();
            if is_map {
                let key = self.key()?;
                self.word(key, true)?;
                self.blanks();
            }
            match self.byte(self.at)? {
                quote @ (b'"' | b'\'') => self.quoted(quote)?,
                byte if byte.is_ascii_alphanumeric() || byte == b'_' => {
                    let at = Range { start: self.at as u32, end: self.end_of_word() as u32 };
                    self.word(at, false)?;
                    self.at = at.end as usize;
                }
                _ => return None,
            }
            self.blanks();
            self.at += 1;
            match self.byte(self.at - 1)? {
                b',' => {}
                b']' if !is_map => return self.builder.end_at(self.at as u32).ok(),
                b'}' if is_map => return self.builder.end_at(self.at as u32).ok(),
                _ => return None,
            }
        }
    }

    fn end_of_word(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while bytes.get(end).is_some_and(|byte| WORD[usize::from(*byte)]) {
            end += 1;
        }
        end
    }

    pub(super) fn word(&mut self, at: Range, is_key: bool) -> Option<()> {
        let text = self.text.get(at.start as usize..at.end as usize)?;
        let key = if is_key { Key::of(text) } else { None };
        self.builder.leaf(at, Scalar { text: Cow::Borrowed(text), plain: true }, key);
        Some(())
    }

    /// Past a comment, if there is one, and the line break. Anything else on the line is none of ours.
    pub(super) fn end_of_line(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b'#') {
            let length = bytes[self.at..].iter().position(|byte| matches!(byte, 0..=8 | 10..=0x1f | 0x7f | 0xef));
            self.at = length.map_or(bytes.len(), |length| self.at + length);
        }
        match (bytes.get(self.at), bytes.get(self.at + 1)) {
            (None, _) => {}
            (Some(b'\n'), _) => self.at += 1,
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            _ => return None,
        }
        Some(())
    }
}

/// The bytes that a text without quotes goes on over, whatever stands around them.
static ORDINARY: [bool; 256] = table(false);

/// What keys and the items of lists in brackets are made of.
static WORD: [bool; 256] = table(true);

const fn table(of_words: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < table.len() {
        let byte = at as u8;
        table[at] = if of_words {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/')
        } else {
            is_simple(byte) && !matches!(byte, b' ' | b'#' | b':')
        };
        at += 1;
    }
    table
}

/// Neither a control character nor a part of a blank or a line break other than those of ASCII: all of these begin with
/// one of five bytes in UTF-8, and the letters that share those are left to the parser as well.
const fn is_simple(byte: u8) -> bool {
    !matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef)
}
