//! A diagnostic is data: what is wrong, where, how severe, and what to do next. Rendering is separate, see [`render`].

mod fix;
pub mod render;

pub use fix::{Edit, Fix, apply};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How severe a problem is. Only errors block the upload of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Hint,
}

impl Severity {
    /// Returns `error`, `warning` or `hint`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// A range of the manifest's text: byte offsets for slicing; lines and columns (from 1, columns in characters) for
/// people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Byte offset of the first character, on a character boundary.
    pub start: u32,
    /// Byte offset after the last character, on a character boundary, `>= start`.
    pub end: u32,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// One problem in a manifest or package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable, kebab-case, area first: `subscription-unknown`.
    pub code: Cow<'static, str>,
    /// One short sentence with the value at fault.
    pub message: String,
    /// The place in the manifest; `None` for problems of the package around it.
    pub span: Option<Span>,
    /// Path of the package member at fault, if any.
    pub member: Option<String>,
    /// What to do next.
    pub help: Option<String>,
    /// Other relevant places: the first definition, the members of a cycle.
    pub related: Vec<Related>,
    /// Edits of the manifest's text that fix the problem, the likeliest first; empty when none is safe.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// Creates an error without a place; see the `with_…` functions.
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Error, code, message.into())
    }

    /// Creates a warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Warning, code, message.into())
    }

    /// Creates a hint without a place.
    pub fn hint(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::of(Severity::Hint, code, message.into())
    }

    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn with_span(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    #[must_use]
    pub fn with_member(mut self, member: impl Into<String>) -> Diagnostic {
        self.member = Some(member.into());
        self
    }

    fn of(severity: Severity, code: &'static str, message: String) -> Diagnostic {
        let code = Cow::Borrowed(code);
        Diagnostic {
            severity,
            code,
            message,
            span: None,
            member: None,
            help: None,
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }
}

/// Another place in the manifest that a diagnostic refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    pub message: String,
    pub span: Span,
}

/// Returns whether a package with these diagnostics is accepted: none of them is an error.
pub fn accepted(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().all(|found| found.severity != Severity::Error)
}
