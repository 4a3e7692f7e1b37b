//! What is checked: a text, or the bytes of a file. Bytes may be UTF-8 with or without a byte-order mark, or UTF-16 with
//! one. Anything else is reported.

use std::borrow::Cow;
use std::str::Utf8Error;

use super::MAX_TEXT;
use crate::diagnostic::Diagnostic;
use crate::file_kind;
use crate::text::{Places, Range};

/// A manifest as it comes.
#[derive(Clone, Debug)]
pub enum Source<'s> {
    Text(&'s str),
    /// The content of a file, in any encoding. Owned bytes are not copied.
    Bytes(Cow<'s, [u8]>),
}

impl<'s> From<&'s str> for Source<'s> {
    fn from(text: &'s str) -> Source<'s> {
        Source::Text(text)
    }
}

impl<'s> From<&'s String> for Source<'s> {
    fn from(text: &'s String) -> Source<'s> {
        Source::Text(text)
    }
}

impl<'s> From<&'s [u8]> for Source<'s> {
    fn from(bytes: &'s [u8]) -> Source<'s> {
        Source::Bytes(bytes.into())
    }
}

impl From<Vec<u8>> for Source<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Source::Bytes(bytes.into())
    }
}

impl<'s> From<Cow<'s, [u8]>> for Source<'s> {
    fn from(bytes: Cow<'s, [u8]>) -> Source<'s> {
        Source::Bytes(bytes)
    }
}

/// Returns the text, or a diagnostic with as much text as its position needs. Owned bytes are reused for the text.
pub(super) fn decode(bytes: Cow<'_, [u8]>) -> Result<String, (Option<String>, Box<Diagnostic>)> {
    if bytes.len() > MAX_TEXT {
        return Err((None, Box::new(super::too_large(bytes.len() as u64))));
    }
    match bytes.as_ref() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes.into_owned()).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error())),
    }
}

fn not_utf8(bytes: &[u8], error: Utf8Error) -> (Option<String>, Box<Diagnostic>) {
    if let Some(kind) = file_kind::of(bytes).filter(|kind| *kind != file_kind::FileKind::Yaml) {
        let message = format!("this is not a manifest but {}", kind.name());
        return (None, Box::new(at_start("manifest-binary", message).with_help("provide the `krt.yml` file itself")));
    }
    // The bytes before the first invalid one are text, so their lines can be counted.
    let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
    let at = good.len() as u32;
    let span = Places::new(&good).span(Range { start: at, end: at });
    let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
    let message = format!("the byte 0x{byte:02X} is not valid UTF-8");
    let diagnostic = Diagnostic::error("manifest-encoding", message).with_span(span);
    let shown = String::from_utf8_lossy(bytes).into_owned();
    (Some(shown), Box::new(diagnostic.with_help("save the manifest as UTF-8")))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (Option<String>, Box<Diagnostic>)> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text),
        _ => {
            let diagnostic = at_start("manifest-encoding", "the manifest begins as UTF-16, but is not valid UTF-16");
            Err((None, Box::new(diagnostic.with_help("save the manifest as UTF-8"))))
        }
    }
}

fn at_start(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, message).with_span(Places::new("").span(Range::default()))
}
