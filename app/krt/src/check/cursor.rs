//! Reads keys, words, quotes and comments of plain YAML from left to right. `None` means that the text holds something
//! else, which is left to the parser.

use crate::text::Range;

/// The longest key that is read here, in bytes; YAML itself allows 1,024 characters.
const MAX_KEY: usize = 128;

pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    /// The offset of the next byte to read.
    pub(super) at: usize,
}

// The functions called for each line are inlined: a check spends most of its time here.
impl<'t> Cursor<'t> {
    /// At the beginning of the text, or after a `---` on its first line.
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        let marker = ["---\n", "---\r\n"].into_iter().find(|marker| text.starts_with(marker));
        Cursor { text, at: marker.map_or(0, str::len) }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn next(&self) -> Option<u8> {
        self.byte(self.at)
    }

    #[inline]
    pub(super) fn slice(&self, at: Range) -> Option<&'t str> {
        self.text.get(at.start as usize..at.end as usize)
    }

    #[inline]
    pub(super) fn spaces(&mut self) {
        while self.next() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Advances to the next content other than spaces and comments, and returns its column; `Some(None)` at the end of
    /// the text.
    #[inline]
    pub(super) fn next_content(&mut self) -> Option<Option<usize>> {
        loop {
            let start = self.at;
            self.spaces();
            match self.next() {
                None => return Some(None),
                Some(b'#' | b'\n' | b'\r') => self.end_of_line()?,
                Some(_) => return Some(Some(self.at - start)),
            }
        }
    }

    pub(super) fn is_dash(&self) -> bool {
        self.next() == Some(b'-') && self.byte(self.at + 1) == Some(b' ')
    }

    /// Reads a key and its colon; returns the range of the key alone.
    #[inline]
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

    /// After a key and its trailing spaces: whether the value begins on a line below.
    pub(super) fn value_is_below(&self) -> Option<bool> {
        Some(match self.next()? {
            b'\n' | b'\r' => true,
            b'#' => self.byte(self.at - 1) == Some(b' '),
            _ => false,
        })
    }

    /// Reads quoted text without escapes; the range includes the quotes.
    #[inline]
    pub(super) fn quoted(&mut self, quote: u8) -> Option<Range> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let is_end = |byte: &u8| *byte == quote || !is_simple(*byte) || *byte == b'\\';
        let end = start + 1 + bytes[start + 1..].iter().position(is_end)?;
        if bytes[end] != quote || bytes.get(end + 1) == Some(&quote) {
            return None;
        }
        self.at = end + 1;
        Some(Range { start: start as u32, end: self.at as u32 })
    }

    /// Whether a byte may begin unquoted text.
    pub(super) fn begins_words(byte: u8) -> bool {
        matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'/' | 0xc3..)
    }

    /// Reads unquoted text up to the end of the line or a comment.
    #[inline]
    pub(super) fn words(&mut self) -> Option<Range> {
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
        Some(Range { start: start as u32, end: end as u32 })
    }

    /// Reads the characters that keys and items of bracketed lists consist of.
    pub(super) fn word(&mut self) -> Range {
        let at = Range { start: self.at as u32, end: self.end_of_word() as u32 };
        self.at = at.end as usize;
        at
    }

    #[inline]
    fn end_of_word(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while bytes.get(end).is_some_and(|byte| WORD[usize::from(*byte)]) {
            end += 1;
        }
        end
    }

    /// Moves past the end of the line after a value that ends with a delimiter (a quote or bracket).
    #[inline]
    pub(super) fn end_behind_sign(&mut self) -> Option<()> {
        let end = self.at;
        self.spaces();
        if self.next() == Some(b'#') && self.at == end {
            return None;
        }
        self.end_of_line()
    }

    /// Moves past an optional comment and the line break. Returns `None` for anything else on the line.
    #[inline]
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

/// The bytes that continue unquoted text regardless of their neighbors.
static ORDINARY: [bool; 256] = table(false);

/// The bytes that keys and items of bracketed lists consist of.
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

/// Whether a byte is neither a control character nor part of non-ASCII whitespace or a non-ASCII line break. In UTF-8
/// the latter begin with one of five bytes; letters that share these bytes are left to the parser as well.
const fn is_simple(byte: u8) -> bool {
    !matches!(byte, 0..=0x1f | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef)
}
