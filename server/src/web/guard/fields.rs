//! The fields that a form declares, and how to recognize a form.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// Maximum bytes of multi-line text: many times the limit of a description or a reason, so that a text over the limit
/// can be shown again.
const TEXT: usize = 16 * 1024;

/// Maximum bytes of a single line: a name, an ID, a path.
const LINE: usize = 2 * 1024;

/// A field that a form declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormField {
    pub name: &'static str,
    pub is_prefix: bool,
    /// Maximum length of a value, in bytes.
    pub bytes: usize,
}

impl FormField {
    pub const fn line(name: &'static str) -> FormField {
        FormField { name, is_prefix: false, bytes: LINE }
    }

    pub const fn text(name: &'static str) -> FormField {
        FormField { name, is_prefix: false, bytes: TEXT }
    }

    pub const fn all_that_begin_with(name: &'static str, bytes: usize) -> FormField {
        FormField { name, is_prefix: true, bytes }
    }

    pub fn is(&self, name: &str) -> bool {
        if self.is_prefix { name.starts_with(self.name) } else { name == self.name }
    }
}

/// Whether the body is a URL-encoded form.
pub fn is_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}
