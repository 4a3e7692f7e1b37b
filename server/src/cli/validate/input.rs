//! What is checked: files, folders and standard input, each read as what it is.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use krt::diagnostic::{Diagnostic, accepted};
use krt::package::{Reader, Report, bare_too_large, check_bare, check_bare_with_fixes};

use super::folder;

/// Bytes read at a time: as much as a disk likes, little enough to keep memory flat.
const CHUNK: usize = 64 * 1024;

/// One thing to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Stdin,
    /// A manifest or a package, told apart by its name.
    File(PathBuf),
    /// A folder with a manifest at its root: a package before it is packed.
    Project {
        folder: PathBuf,
        manifest: PathBuf,
    },
    /// A folder in which there is nothing to check.
    Nothing(PathBuf),
}

/// Whether the manifest is mended, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixes {
    /// They are only told, each beside its problem.
    Offered,
    /// The report has the mended manifest beside it.
    Applied,
}

impl Fixes {
    fn of_bare<'b>(self, manifest: impl Into<Cow<'b, [u8]>>) -> Report {
        match self {
            Fixes::Offered => check_bare(manifest),
            Fixes::Applied => check_bare_with_fixes(manifest),
        }
    }

    pub(super) fn of_package(self, read: Reader) -> Report {
        match self {
            Fixes::Offered => read.finish(),
            Fixes::Applied => read.finish_with_fixes(),
        }
    }
}

/// What checking it told.
pub(super) struct Checked {
    /// As the command line named it.
    pub(super) name: String,
    pub(super) report: Report,
    /// The file that the manifest's places are in: the manifest itself, or its name inside the package.
    pub(super) manifest: Place,
    pub(super) fixes: Fixes,
    error: Option<String>,
}

/// Where a manifest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A file of its own.
    File(String),
    /// A member of the package that was checked.
    Member(String),
}

impl Place {
    /// As people are told it.
    pub(super) fn path(&self) -> &str {
        match self {
            Place::File(path) | Place::Member(path) => path,
        }
    }
}

impl Checked {
    pub(super) fn is_accepted(&self) -> bool {
        self.error.is_none() && accepted(&self.report.diagnostics)
    }

    /// Whether there are more problems than are told.
    pub(super) fn has_more(&self) -> bool {
        self.report.diagnostics.iter().any(|found| found.code == "more-problems")
    }

    /// Why it could not be read.
    pub(super) fn unreadable(&self) -> Option<&str> {
        self.error.as_deref()
    }

    pub(super) fn exit_code(&self) -> u8 {
        match &self.error {
            Some(_) => 2,
            None => u8::from(!self.is_accepted()),
        }
    }

    fn failed(name: String, fixes: Fixes, error: &str) -> Checked {
        let diagnostic = Diagnostic::error("file-unreadable", format!("it cannot be read: {error}"))
            .with_help("check its path and rights");
        let report = Report { diagnostics: vec![diagnostic], ..Report::default() };
        Checked { manifest: Place::File(name.clone()), name, report, fixes, error: Some(error.to_owned()) }
    }
}

/// What the paths of a command line stand for, in their order; folders in the order of names.
pub(super) fn expand(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin);
        } else if path.is_dir() {
            let before = inputs.len();
            search(path, &mut inputs);
            if inputs.len() == before {
                inputs.push(Input::Nothing(path.clone()));
            }
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    inputs
}

/// Projects and packages below a folder; links and hidden folders are not followed.
fn search(path: &Path, inputs: &mut Vec<Input>) {
    let manifest = ["krt.yaml", "krt.yml"].map(|name| path.join(name)).into_iter().find(|path| path.is_file());
    let is_project = manifest.is_some();
    inputs.extend(manifest.map(|manifest| Input::Project { folder: path.to_owned(), manifest }));
    let mut entries: Vec<_> = std::fs::read_dir(path).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && !is_hidden && !is_project {
            search(&path, inputs);
        } else if kind.is_file() && has_extension(&path, &["krt"]) {
            inputs.push(Input::File(path));
        }
    }
}

impl Input {
    fn name(&self) -> String {
        match self {
            Input::Stdin => "standard input".to_owned(),
            Input::File(path) | Input::Nothing(path) | Input::Project { folder: path, .. } => {
                path.display().to_string()
            }
        }
    }

    /// The file that mends are written to: none for packages and for what came through a pipe.
    pub(super) fn manifest_file(&self) -> Option<&Path> {
        match self {
            Input::File(path) if is_manifest(path) => Some(path),
            Input::Project { manifest, .. } => Some(manifest),
            _ => None,
        }
    }

    /// Reads and checks it.
    pub(super) fn check(&self, fixes: Fixes) -> Checked {
        self.checked(None, fixes)
    }

    /// The same with another text in place of the manifest's, and the mends made.
    pub(super) fn check_with(&self, manifest: &str) -> Checked {
        self.checked(Some(manifest), Fixes::Applied)
    }

    fn checked(&self, manifest: Option<&str>, fixes: Fixes) -> Checked {
        let name = self.name();
        match self.read(manifest, fixes) {
            Err(error) => Checked::failed(name, fixes, &error.to_string()),
            Ok(report) => {
                let place = match self {
                    Input::Project { manifest, .. } => Place::File(manifest.display().to_string()),
                    _ if report.bare => Place::File(name.clone()),
                    _ => Place::Member(report.manifest_path.clone().unwrap_or_else(|| "krt.yml".to_owned())),
                };
                Checked { name, report, manifest: place, fixes, error: None }
            }
        }
    }

    fn read(&self, manifest: Option<&str>, fixes: Fixes) -> io::Result<Report> {
        match (self, manifest) {
            (Input::Nothing(_), _) => {
                Err(io::Error::new(io::ErrorKind::NotFound, "there is no krt.yml, krt.yaml or *.krt in it or below"))
            }
            (Input::Project { folder, manifest }, text) => folder::check(folder, manifest, text, fixes),
            (_, Some(text)) => Ok(fixes.of_bare(text.as_bytes())),
            (Input::Stdin, None) => read_unnamed(io::stdin().lock(), fixes),
            (Input::File(path), None) if is_manifest(path) => {
                let file = File::open(path)?;
                match file.metadata()?.len() {
                    size if size > krt::check::MAX_TEXT as u64 => Ok(bare_too_large(size)),
                    _ => read_manifest(file, fixes),
                }
            }
            (Input::File(path), None) => read_package(File::open(path)?, fixes),
        }
    }
}

fn read_manifest(file: impl Read, fixes: Fixes) -> io::Result<Report> {
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to be told that there are too many.
    file.take(krt::check::MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(fixes.of_bare(bytes))
}

fn read_package(mut file: impl Read, fixes: Fixes) -> io::Result<Report> {
    let mut reader = Reader::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        // A fatal problem is in the report as well.
        if read == 0 || reader.push(&chunk[..read]).is_err() {
            return Ok(fixes.of_package(reader));
        }
    }
}

/// Without a name its first bytes decide: gzip is a package, all else a manifest.
fn read_unnamed(mut input: impl Read, fixes: Fixes) -> io::Result<Report> {
    let mut head = Vec::new();
    input.by_ref().take(2).read_to_end(&mut head)?;
    let is_package = head == [0x1f, 0x8b];
    let all = io::Cursor::new(head).chain(input);
    if is_package { read_package(all, fixes) } else { read_manifest(all, fixes) }
}

fn is_manifest(path: &Path) -> bool {
    has_extension(path, &["yml", "yaml"])
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    wanted.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_told_from_a_package_by_its_name() {
        for (name, manifest) in [("krt.yml", true), ("a/b.YAML", true), ("a.krt", false), ("yml", false)] {
            assert_eq!(is_manifest(Path::new(name)), manifest, "{name}");
        }
    }

    #[test]
    fn without_a_name_the_first_bytes_decide() {
        for (bytes, bare) in [(&b"version: x\n"[..], true), (b"\x1f\x8b\x08", false), (b"", true)] {
            assert_eq!(read_unnamed(bytes, Fixes::Offered).unwrap().bare, bare, "{bytes:?}");
        }
    }
}
