//! Reads a KRT package as a stream, in constant memory, and reports its contents and problems.
//!
//! Suggested reading order: [`limits`], [`gunzip`] (gzip to tar), [`tar`] (tar to members), [`contents`] (what is kept
//! of the members), [`paths`] (valid member paths), [`across`] (the manifest compared with the members), with [`file_kind`],
//! [`proto`] and [`dashboard`] for single files.

mod across;
mod contents;
mod dashboard;
mod gunzip;
mod limits;
mod paths;
mod proto;
mod tar;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::{self, Analysis, Options, analyze};
use crate::diagnostic::{self, Diagnostic};
use crate::file_kind;
use crate::fix::{self, Fixed};
use crate::manifest::Manifest;
use crate::outline::Outline;
use contents::Contents;
use gunzip::Gunzip;
use tar::Tar;

/// The result of checking a package, or a bare manifest. Pages show a `Report<Outline>`, see [`Report::outlined`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report<M = Manifest> {
    /// Whether this is a manifest file without a package: checked and drawn the same way, but without sources to run.
    pub bare: bool,
    /// Path of the manifest: `krt.yml` or `krt.yaml`.
    pub manifest_path: Option<String>,
    /// The text that the diagnostics' spans refer to.
    pub manifest_text: Option<String>,
    /// Present only when the manifest itself has no errors; the package may still have some.
    pub manifest: Option<M>,
    /// Errors first, then by place.
    pub diagnostics: Vec<Diagnostic>,
    /// In archive order, as far as the archive was read.
    pub members: Vec<Member>,
    /// Size of the compressed package, in bytes.
    pub size: u64,
    /// Total size of the members' contents, in bytes.
    pub unpacked: u64,
    /// SHA-256 of the compressed package in lowercase hex; empty for a bare manifest.
    pub sha256: String,
    /// The report with all offered fixes applied to the manifest: text, model and remaining problems, without members
    /// and sizes. Present only when fixes exist and the caller requested them ([`Reader::finish_with_fixes`],
    /// [`check_bare_with_fixes`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Box<Report<M>>>,
}

/// Whether fixes are only offered or also applied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fixes {
    /// Each fix is only part of its diagnostic.
    Offered,
    Applied,
}

impl Report {
    fn of_fixed(Fixed { text, analysis }: Fixed<Analysis>) -> Box<Report> {
        let Analysis { manifest, diagnostics, .. } = analysis;
        Box::new(Report { manifest_text: Some(text), manifest, diagnostics, ..Report::default() })
    }

    /// Sorts errors first. Stable: problems of the package precede those of the manifest, each in their order.
    fn sort(&mut self) {
        self.diagnostics.sort_by_key(|found| (found.severity, found.span.map(|span| span.start)));
    }

    /// Returns the report with only what pages show of the manifest.
    pub fn outlined(self) -> Report<Outline> {
        Report {
            bare: self.bare,
            manifest_path: self.manifest_path,
            manifest_text: self.manifest_text,
            manifest: self.manifest.as_ref().map(Outline::from),
            diagnostics: self.diagnostics,
            members: self.members,
            size: self.size,
            unpacked: self.unpacked,
            sha256: self.sha256,
            fixed: self.fixed.map(|fixed| Box::new(fixed.outlined())),
        }
    }
}

impl<M> Report<M> {
    /// Returns whether the package may be uploaded: a complete package without errors.
    pub fn accepted(&self) -> bool {
        !self.bare && self.manifest.is_some() && diagnostic::accepted(&self.diagnostics)
    }
}

impl<M> Default for Report<M> {
    fn default() -> Report<M> {
        Report {
            bare: false,
            manifest_path: None,
            manifest_text: None,
            manifest: None,
            diagnostics: Vec::new(),
            members: Vec::new(),
            size: 0,
            unpacked: 0,
            sha256: String::new(),
            fixed: None,
        }
    }
}

/// One member of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Path after unpacking: without a leading `./` and without a folder's trailing `/`.
    pub path: String,
    pub kind: MemberKind,
    /// Size of the contents in bytes; 0 for folders.
    pub size: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberKind {
    File,
    Folder,
    /// A link, device or the like; always an error.
    Other,
}

/// Reads a package from bytes as they arrive. Nothing is unpacked to disk; only what the checks need is kept in memory,
/// within [`limits`].
#[derive(Default)]
pub struct Reader {
    digest: Sha256,
    size: u64,
    /// The first bytes, until the kind of the file is known; empty from then on.
    head: Vec<u8>,
    stage: Stage,
    gunzip: Gunzip,
    archive: Archive,
}

/// Progress of the reader.
#[derive(Default)]
enum Stage {
    /// The kind of the file is not known yet.
    #[default]
    Beginning,
    Reading,
    /// Reading on is pointless, for this reason.
    Failed(Box<Diagnostic>),
}

/// The decompressed archive, and how many bytes of it were read.
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

    /// Reads the next bytes, in pieces of any size.
    ///
    /// # Errors
    /// Fails when reading on is pointless (a decompression bomb, not a package); the report of [`Reader::finish`] has
    /// the same diagnostic.
    // At most one per package, and shown to a person: its size does not matter.
    #[allow(clippy::result_large_err)]
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        match &self.stage {
            Stage::Failed(why) => return Err(why.as_ref().clone()),
            Stage::Reading => self.unpack(bytes),
            Stage::Beginning => {
                let wanted = file_kind::WANTED.saturating_sub(self.head.len()).min(bytes.len());
                let (head, rest) = bytes.split_at(wanted);
                self.head.extend_from_slice(head);
                if self.head.starts_with(gunzip::MAGIC) {
                    self.stage = Stage::Reading;
                    let head = std::mem::take(&mut self.head);
                    self.unpack(&head);
                    self.unpack(rest);
                } else if self.head.len() >= file_kind::WANTED {
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

    /// Returns the complete report after the last byte.
    pub fn finish(self) -> Report {
        self.report(Fixes::Offered)
    }

    /// Like [`Reader::finish`], with all offered fixes applied in [`Report::fixed`].
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
        let mut report = Report { size, sha256: hex::encode(digest.finalize()), ..Report::default() };
        contents.into_report(is_whole, fixes, &mut report);
        report.diagnostics.splice(0..0, failure);
        if let Some(fixed) = &mut report.fixed {
            // Only problems of the manifest have a span.
            fixed.diagnostics.extend(report.diagnostics.iter().filter(|found| found.span.is_none()).cloned());
            fixed.sort();
        }
        report.sort();
        report
    }
}

impl Archive {
    /// Takes unpacked bytes; `taken` is the number of packed bytes read so far.
    fn take(&mut self, unpacked: &[u8], taken: u64) -> Result<(), Box<Diagnostic>> {
        self.bytes += unpacked.len() as u64;
        limits::unpacked(self.bytes, taken)?;
        self.tar.push(unpacked, &mut self.contents)
    }
}

/// Returns whether a file is a manifest without a package, by its name or path: `.yml` or `.yaml`, in any case.
/// Such a file is checked, but never stored: its sources are missing.
pub fn is_bare(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yml", "yaml"].iter().any(|wanted| extension.eq_ignore_ascii_case(wanted))
}

/// Checks a manifest file without a package.
pub fn check_bare<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Report {
    bare(bytes.into(), Fixes::Offered)
}

/// Like [`check_bare`], with all offered fixes applied in [`Report::fixed`].
pub fn check_bare_with_fixes<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Report {
    bare(bytes.into(), Fixes::Applied)
}

fn bare(bytes: Cow<'_, [u8]>, fixes: Fixes) -> Report {
    let size = bytes.len() as u64;
    let analysis = analyze(bytes, Options::default());
    let again = |text: &str, purpose| analyze(text, Options::default().to(purpose));
    let text = analysis.text.as_deref().filter(|_| fixes == Fixes::Applied);
    let fixed = text.and_then(|text| fix::all(text, &analysis, again)).map(Report::of_fixed);
    let Analysis { text, manifest, diagnostics, .. } = analysis;
    Report { bare: true, manifest_text: text, manifest, diagnostics, size, fixed, ..Report::default() }
}

/// Returns the report of [`check_bare`] for a manifest of more than [`check::MAX_TEXT`] bytes, without reading it.
pub fn bare_too_large(size: u64) -> Report {
    Report { bare: true, diagnostics: vec![check::too_large(size)], size, ..Report::default() }
}

/// Returns the diagnostic for a file that is not gzip.
fn not_a_package(head: &[u8]) -> Diagnostic {
    if head.is_empty() {
        return Diagnostic::error("package-empty", "the file is empty")
            .with_help("pack the project again: `cd my-project; tar -czf ../my.krt *`");
    }
    let help = "a package is a gzip-compressed tar archive: `cd my-project; tar -czf ../my.krt *`";
    match file_kind::of(head) {
        Some(file_kind::FileKind::Yaml) => {
            let message = format!("this is {}, not a KRT package", file_kind::FileKind::Yaml.name());
            Diagnostic::error("package-not-gzip", message)
                .with_help("pack the manifest with its sources: `cd my-project; tar -czf ../my.krt *`")
        }
        Some(kind) => {
            Diagnostic::error("package-not-gzip", format!("this is {}, not a KRT package", kind.name())).with_help(help)
        }
        None => Diagnostic::error("package-not-gzip", "this is not a KRT package: it is not compressed with gzip")
            .with_help(help),
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides_between_manifest_and_package() {
        for (name, bare) in [("krt.yml", true), ("a/b.YAML", true), ("a.yml.krt", false), ("yml", false)] {
            assert_eq!(is_bare(name), bare, "{name}");
        }
    }
}
