//! What an analysis is to produce, and what it returns.

use super::finish::References;
use crate::diagnostic::Diagnostic;
use crate::fix::{Checked, CodeAndPlace, Purpose, proven};
use crate::manifest::Manifest;

/// What to produce besides diagnostics. By default, the manifest and the fixes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub(super) manifest: bool,
    pub(super) references: bool,
    pub(super) fixes: Fixes,
    pub(super) purpose: Purpose,
}

/// Which fixes the diagnostics have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixes {
    None,
    /// Those that the rules propose, for callers that prove them with [`Analysis::with_proven_fixes`].
    Proposed,
    /// Those that were proven by checking the fixed text.
    Proven,
}

impl Default for Options {
    fn default() -> Options {
        Options { fixes: Fixes::Proven, ..Options::MANIFEST }
    }
}

impl Options {
    /// The manifest, and diagnostics without fixes: each proof of a fix is a check of its own.
    pub const MANIFEST: Options = Options { manifest: true, ..Options::PROBLEMS };

    /// The problems alone.
    pub(crate) const PROBLEMS: Options =
        Options { manifest: false, references: false, fixes: Fixes::None, purpose: Purpose::Reporting };

    /// The problems, and the references to compare with a package's members.
    pub(crate) const REFERENCES: Options = Options { references: true, ..Options::PROBLEMS };

    /// For a manifest inside its package, where its fixes are proven.
    pub(crate) const MEMBER: Options = Options { manifest: true, fixes: Fixes::Proposed, ..Options::REFERENCES };

    pub(crate) const fn to(self, purpose: Purpose) -> Options {
        Options { purpose, ..self }
    }
}

/// The result of [`analyze`](super::analyze).
#[derive(Default)]
pub struct Analysis {
    /// The decoded text of a source that is bytes, which the diagnostics' spans refer to; `None` if they are not text.
    pub text: Option<String>,
    /// Present only if no diagnostic is an error.
    pub manifest: Option<Manifest>,
    /// Errors first, then by position.
    pub diagnostics: Vec<Diagnostic>,
    /// As far as they could be read, even if the manifest has errors.
    pub(crate) references: References,
    /// Byte offset of each workflow whose nodes are inside it (v2); `None` if the manifest has no workflow.
    pub(crate) workflows: Option<Vec<u32>>,
}

impl Checked for Analysis {
    fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn workflows(&self) -> Option<&[u32]> {
        self.workflows.as_deref()
    }
}

impl Analysis {
    /// Keeps only the proven fixes; `again` checks another text in the way this one was checked.
    pub(crate) fn with_proven_fixes(self, text: &str, again: impl Fn(&str) -> Vec<CodeAndPlace>) -> Analysis {
        Analysis { diagnostics: proven(text, self.diagnostics, self.workflows.as_deref(), again), ..self }
    }
}
