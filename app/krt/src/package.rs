//! Bytes to model: reads a KRT package as a stream, with flat memory, and reports what it holds and what is wrong.

pub(crate) mod kind;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{self, Diagnostic};
use crate::manifest::Manifest;

/// What reading a package, or a bare manifest, told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// A manifest file without the package around it: checked and drawn the same way, but it has no sources to run.
    pub bare: bool,
    /// Which member is the manifest: `krt.yml` or `krt.yaml`.
    pub manifest_path: Option<String>,
    /// The text that the diagnostics' spans point into.
    pub manifest_text: Option<String>,
    /// Only when the manifest itself has no errors; the package around it may still have some.
    pub manifest: Option<Manifest>,
    /// Errors first, then in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// In the archive's order, as far as it was read.
    pub members: Vec<Member>,
    /// Bytes of the package as it came.
    pub size: u64,
    /// Bytes of all members' contents.
    pub unpacked: u64,
    /// SHA-256 of the package as it came, lower-case hex.
    pub sha256: String,
}

impl Report {
    /// Whether it may be uploaded: a whole package without errors.
    pub fn accepted(&self) -> bool {
        !self.bare && self.manifest.is_some() && diagnostic::accepted(&self.diagnostics)
    }
}

/// One member of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// As it unpacks: without a leading `./` and without a folder's closing `/`.
    pub path: String,
    pub kind: MemberKind,
    /// Bytes of its contents; 0 for folders.
    pub size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberKind {
    File,
    Folder,
    /// A link, device or the like: refused.
    Other,
}

/// Reads a package from bytes as they arrive.
#[derive(Debug, Default)]
pub struct Reader {
    report: Report,
}

impl Reader {
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Takes the next bytes, in pieces of any size.
    ///
    /// An error says that reading on is of no use (a bomb, a hostile member, no package at all); it is also in the
    /// report of [`Reader::finish`].
    // One per package, and on its way to a person: its size does not matter.
    #[allow(clippy::result_large_err)]
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.report.size += bytes.len() as u64;
        Ok(())
    }

    /// No more bytes will come: the whole report.
    pub fn finish(self) -> Report {
        self.report
    }
}

/// Checks a manifest file that came without a package.
pub fn check_bare(bytes: &[u8]) -> Report {
    let checked = crate::check::check_bytes(bytes);
    Report {
        bare: true,
        manifest_text: checked.text,
        manifest: checked.manifest,
        diagnostics: checked.diagnostics,
        size: bytes.len() as u64,
        ..Report::default()
    }
}
