//! The inputs of a check: files, folders and standard input, each read according to its kind.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use krt::diagnostic::{Diagnostic, accepted};
use krt::package::{Reader, Report, bare_too_large, is_bare};

use super::fix_mode::FixMode;
use super::folder;

/// Bytes per read: efficient for disks, small enough for constant memory.
const CHUNK: usize = 64 * 1024;

/// One thing to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Stdin,
    /// A manifest or a package, depending on the extension.
    File(PathBuf),
    /// A folder with a manifest at its root, checked as a package.
    Project {
        folder: PathBuf,
        manifest: PathBuf,
    },
    /// A folder with nothing to check.
    Nothing(PathBuf),
}

/// The result of checking one input.
pub(super) struct CheckedInput {
    /// The path as given on the command line.
    pub(super) name: String,
    pub(super) report: Report,
    /// The file that positions refer to: the manifest itself, or the manifest inside the package.
    pub(super) manifest: Place,
    pub(super) fixes: FixMode,
    error: Option<String>,
}

/// The location of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A separate file.
    File(String),
    /// A file inside the checked package.
    Member(String),
}

impl Place {
    /// The path to show.
    pub(super) fn path(&self) -> &str {
        match self {
            Place::File(path) | Place::Member(path) => path,
        }
    }
}

impl CheckedInput {
    pub(super) fn is_accepted(&self) -> bool {
        self.error.is_none() && accepted(&self.report.diagnostics)
    }

    /// Whether the manifest has more problems than the report lists.
    pub(super) fn has_more(&self) -> bool {
        self.report.diagnostics.iter().any(|found| found.code == "more-problems")
    }

    /// Why the input could not be read, if it could not.
    pub(super) fn unreadable(&self) -> Option<&str> {
        self.error.as_deref()
    }

    pub(super) fn exit_code(&self) -> u8 {
        match &self.error {
            Some(_) => 2,
            None => u8::from(!self.is_accepted()),
        }
    }

    fn failed(name: String, fixes: FixMode, error: &str) -> CheckedInput {
        let diagnostic = Diagnostic::error("file-unreadable", format!("cannot read the file: {error}"))
            .with_help("check the path and permissions");
        let report = Report { diagnostics: vec![diagnostic], ..Report::default() };
        CheckedInput { manifest: Place::File(name.clone()), name, report, fixes, error: Some(error.to_owned()) }
    }
}

/// Expands the paths of the command line in their order; the content of folders is sorted by name.
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

/// Finds projects and packages below a folder. Does not follow links or enter hidden folders.
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
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("krt")) {
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

    /// The file that fixes are written to; `None` for packages and standard input.
    pub(super) fn manifest_file(&self) -> Option<&Path> {
        match self {
            Input::File(path) if is_manifest(path) => Some(path),
            Input::Project { manifest, .. } => Some(manifest),
            _ => None,
        }
    }

    /// Reads and checks the input.
    pub(super) fn check(&self, fixes: FixMode) -> CheckedInput {
        self.checked(None, fixes)
    }

    /// Checks the input with `manifest` as the text of its manifest, and applies the fixes.
    pub(super) fn check_with(&self, manifest: &str) -> CheckedInput {
        self.checked(Some(manifest), FixMode::Applied)
    }

    fn checked(&self, manifest: Option<&str>, fixes: FixMode) -> CheckedInput {
        let name = self.name();
        match self.read(manifest, fixes) {
            Err(error) => CheckedInput::failed(name, fixes, &error.to_string()),
            Ok(report) => {
                let place = match self {
                    Input::Project { manifest, .. } => Place::File(manifest.display().to_string()),
                    _ if report.bare => Place::File(name.clone()),
                    _ => Place::Member(report.manifest_path.clone().unwrap_or_else(|| "krt.yml".to_owned())),
                };
                CheckedInput { name, report, manifest: place, fixes, error: None }
            }
        }
    }

    fn read(&self, manifest: Option<&str>, fixes: FixMode) -> io::Result<Report> {
        match (self, manifest) {
            (Input::Nothing(_), _) => {
                Err(io::Error::new(io::ErrorKind::NotFound, "no krt.yml, krt.yaml or *.krt in this folder or below"))
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

fn read_manifest(file: impl Read, fixes: FixMode) -> io::Result<Report> {
    let mut bytes = Vec::new();
    // One byte above the limit is enough for the check to report a manifest that is too large.
    file.take(krt::check::MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(fixes.of_bare(bytes))
}

fn read_package(mut file: impl Read, fixes: FixMode) -> io::Result<Report> {
    let mut reader = Reader::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        // The report contains a fatal problem, too.
        if read == 0 || reader.push(&chunk[..read]).is_err() {
            return Ok(fixes.of_package(reader));
        }
    }
}

/// Reads an input without a name: gzip data is a package, anything else a manifest.
fn read_unnamed(mut input: impl Read, fixes: FixMode) -> io::Result<Report> {
    let mut head = Vec::new();
    input.by_ref().take(2).read_to_end(&mut head)?;
    let is_package = head == [0x1f, 0x8b];
    let all = io::Cursor::new(head).chain(input);
    if is_package { read_package(all, fixes) } else { read_manifest(all, fixes) }
}

fn is_manifest(path: &Path) -> bool {
    is_bare(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_name_the_first_bytes_decide() {
        for (bytes, bare) in [(&b"version: x\n"[..], true), (b"\x1f\x8b\x08", false), (b"", true)] {
            assert_eq!(read_unnamed(bytes, FixMode::Offered).unwrap().bare, bare, "{bytes:?}");
        }
    }
}
