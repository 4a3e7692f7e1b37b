//! Bytes to model: reads a KRT package as a stream, with flat memory, and reports what it holds and what is wrong.
//!
//! Suggested reading order: [`limits`], [`gunzip`] (gzip to tar), [`tar`] (tar to members), [`contents`] (members to
//! what is kept of them), [`paths`] (what a member may be called), [`across`] (the manifest held against the members),
//! with [`kind`], [`proto`] and [`dashboard`] for single files.

mod across;
mod contents;
mod dashboard;
mod gunzip;
pub(crate) mod kind;
mod limits;
mod paths;
mod proto;
mod tar;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::{self, Analysis};
use crate::diagnostic::{self, Diagnostic};
use crate::fix::{self, Fixed};
use crate::manifest::Manifest;
use contents::Contents;
use gunzip::Gunzip;
use tar::Tar;

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
    /// SHA-256 of the package as it came, lower-case hex; empty for a bare manifest.
    pub sha256: String,
    /// What would be told with a manifest in which the mends are made that are offered, where there are some and somebody
    /// asked for it ([`Reader::finish_with_fixes`], [`check_bare_with_fixes`]): its text, its model, all problems that are
    /// left. Members and bytes are not told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Box<Report>>,
}

/// Whether the manifest is mended, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fixes {
    /// They are only told, each beside its problem.
    Offered,
    Applied,
}

impl Report {
    fn of_fixed(Fixed { text, analysis }: Fixed) -> Box<Report> {
        let Analysis { manifest, diagnostics, .. } = analysis;
        Box::new(Report { manifest_text: Some(text), manifest, diagnostics, ..Report::default() })
    }

    /// Errors first. Stable: problems of the package stand before those of its manifest, each in their order.
    fn sort(&mut self) {
        self.diagnostics.sort_by_key(|found| (found.severity, found.span.map(|span| span.start)));
    }

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

/// Reads a package from bytes as they arrive. Nothing is unpacked anywhere: members pass by, and what the checks need
/// of them is kept within [`limits`].
#[derive(Default)]
pub struct Reader {
    digest: Sha256,
    size: u64,
    /// The first bytes, until it is clear what this file is; empty from then on.
    head: Vec<u8>,
    stage: Stage,
    gunzip: Gunzip,
    archive: Archive,
}

/// How far the reading has come.
#[derive(Default)]
enum Stage {
    /// What this file is, is not clear yet.
    #[default]
    Beginning,
    Reading,
    /// Reading on is of no use: why.
    Failed(Box<Diagnostic>),
}

/// What comes out of the gzip, and how much of it.
#[derive(Default)]
struct Archive {
    tar: Tar,
    contents: Contents,
    bytes: u64,
}

impl Reader {
    pub fn new() -> Reader {
        Reader::default()
    }

    /// Takes the next bytes, in pieces of any size.
    ///
    /// An error says that reading on is of no use (a bomb, no package at all); it is also in the report of
    /// [`Reader::finish`].
    // One per package, and on its way to a person: its size does not matter.
    #[allow(clippy::result_large_err)]
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        match &self.stage {
            Stage::Failed(why) => return Err(why.as_ref().clone()),
            Stage::Reading => self.unpack(bytes),
            Stage::Beginning => {
                let wanted = kind::WANTED.saturating_sub(self.head.len()).min(bytes.len());
                let (head, rest) = bytes.split_at(wanted);
                self.head.extend_from_slice(head);
                if self.head.starts_with(gunzip::MAGIC) {
                    self.stage = Stage::Reading;
                    let head = std::mem::take(&mut self.head);
                    self.unpack(&head);
                    self.unpack(rest);
                } else if self.head.len() >= kind::WANTED {
                    self.stage = Stage::Failed(Box::new(not_a_package(&self.head)));
                }
            }
        }
        match &self.stage {
            Stage::Failed(why) => Err(why.as_ref().clone()),
            _ => Ok(()),
        }
    }

    fn unpack(&mut self, bytes: &[u8]) {
        if matches!(self.stage, Stage::Failed(_)) {
            return;
        }
        let archive = &mut self.archive;
        if let Err(why) = self.gunzip.push(bytes, |unpacked, taken| archive.take(unpacked, taken)) {
            self.stage = Stage::Failed(why);
        }
    }

    /// No more bytes will come: the whole report.
    pub fn finish(self) -> Report {
        self.report(Fixes::Offered)
    }

    /// The same, and the manifest with the mends made that are offered.
    pub fn finish_with_fixes(self) -> Report {
        self.report(Fixes::Applied)
    }

    fn report(self, fixes: Fixes) -> Report {
        let Reader { digest, size, head, stage, gunzip, archive } = self;
        let Archive { tar, contents, bytes } = archive;
        let failure = match stage {
            Stage::Failed(why) => Some(*why),
            Stage::Beginning => Some(not_a_package(&head)),
            Stage::Reading => gunzip.finish().or_else(|| tar.finish(bytes)),
        };
        let is_whole = failure.is_none();
        let mut report = Report { size, sha256: hex(&digest.finalize()), ..Report::default() };
        contents.into_report(is_whole, fixes, &mut report);
        report.diagnostics.splice(0..0, failure);
        if let Some(fixed) = &mut report.fixed {
            // Only problems of the manifest have a place in its text.
            fixed.diagnostics.extend(report.diagnostics.iter().filter(|found| found.span.is_none()).cloned());
            fixed.sort();
        }
        report.sort();
        report
    }
}

impl Archive {
    /// Unpacked bytes, and how many packed bytes they and all before them came from.
    fn take(&mut self, unpacked: &[u8], taken: u64) -> Result<(), Box<Diagnostic>> {
        self.bytes += unpacked.len() as u64;
        limits::unpacked(self.bytes, taken)?;
        self.tar.push(unpacked, &mut self.contents)
    }
}

/// Checks a manifest file that came without a package.
pub fn check_bare<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Report {
    let bytes = bytes.into();
    let size = bytes.len() as u64;
    let check::Checked { text, manifest, diagnostics } = check::check_bytes(bytes);
    Report { bare: true, manifest_text: text, manifest, diagnostics, size, ..Report::default() }
}

/// The same, and the manifest with the mends made that are offered.
pub fn check_bare_with_fixes<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Report {
    let bytes = bytes.into();
    let size = bytes.len() as u64;
    let (text, analysis) = check::analyze_bytes(bytes);
    let fixed = text.as_deref().and_then(|text| fix::all(text, &analysis, check::analyze)).map(Report::of_fixed);
    let (manifest, diagnostics) = (analysis.manifest, analysis.diagnostics);
    Report { bare: true, manifest_text: text, manifest, diagnostics, size, fixed, ..Report::default() }
}

/// What [`check_bare`] says of a manifest of so many bytes, more than [`check::MAX_TEXT`], without reading it.
pub fn bare_too_large(size: u64) -> Report {
    Report { bare: true, diagnostics: vec![check::too_large(size)], size, ..Report::default() }
}

/// What a file is that is no gzip.
fn not_a_package(head: &[u8]) -> Diagnostic {
    if head.is_empty() {
        return Diagnostic::error("package-empty", "the file is empty").with_help("pack it again: `tar -czf my.krt *`");
    }
    let help = "a package is a gzip-compressed tar: `cd my-project; tar -czf ../my.krt *`";
    match kind::of(head) {
        Some(kind::FileKind::Yaml) => {
            let message = format!("this is {}, no KRT package", kind::FileKind::Yaml.name());
            Diagnostic::error("package-not-gzip", message)
                .with_help("pack the manifest with its sources: `cd my-project; tar -czf ../my.krt *`")
        }
        Some(kind) => {
            Diagnostic::error("package-not-gzip", format!("this is {}, no KRT package", kind.name())).with_help(help)
        }
        None => Diagnostic::error("package-not-gzip", "this is no KRT package: it is not compressed with gzip")
            .with_help(help),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing into a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
