//! Tokens of a `.proto` file: words, punctuation and strings, without comments.

use std::fmt;

/// Why parsing stopped, and in which line (from 1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    why: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (line {})", self.why, self.line)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A name, keyword or number.
    Word(&'t str),
    Mark(char),
    /// A string; its contents do not matter.
    Quoted,
}

pub(super) struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Words<'t> {
        Words { text, at: 0 }
    }

    pub(super) fn fault(&self, why: &'static str) -> Fault {
        self.fault_at(self.at, why)
    }

    fn fault_at(&self, at: usize, why: &'static str) -> Fault {
        Fault { line: self.text[..at].matches('\n').count() + 1, why }
    }

    /// Returns the next token; fails at the end of the file.
    pub(super) fn wanted(&mut self) -> Result<Token<'t>, Fault> {
        self.next()?.ok_or_else(|| self.fault("the file ends in the middle of a block or statement"))
    }

    pub(super) fn next(&mut self) -> Result<Option<Token<'t>>, Fault> {
        self.skip()?;
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(None) };
        if first == '"' || first == '\'' {
            let length = quoted(rest, first).ok_or_else(|| self.fault("a string is not closed"))?;
            self.at += length;
            return Ok(Some(Token::Quoted));
        }
        let is_inner = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = rest.find(|letter| !is_inner(letter)).unwrap_or(rest.len());
        if length > 0 {
            self.at += length;
            return Ok(Some(Token::Word(&rest[..length])));
        }
        self.at += first.len_utf8();
        Ok(Some(Token::Mark(first)))
    }

    /// Skips whitespace and comments.
    fn skip(&mut self) -> Result<(), Fault> {
        loop {
            let rest = &self.text[self.at..];
            let spaces = rest.len()
                - rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}').len();
            let rest = &rest[spaces..];
            let comment = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(inside) = rest.strip_prefix("/*") {
                let end =
                    inside.find("*/").ok_or_else(|| self.fault_at(self.at + spaces, "a comment is not closed"))?;
                end + "/**/".len()
            } else {
                0
            };
            self.at += spaces + comment;
            if comment == 0 {
                return Ok(());
            }
        }
    }
}

/// Returns the length of a string with its quotes; `None` when the string does not end in its line.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
