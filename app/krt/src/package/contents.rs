//! Lists the members while the archive is read, checks their names and kinds, and keeps the few that later checks read.

mod judge;
mod manifest;

use std::collections::BTreeMap;

use super::across::{self, Listing};
use super::limits::{MAX_ALIKE, MAX_DASHBOARD, MAX_KEPT, MAX_MEMBERS, MAX_PATHS, MAX_PROTO};
use super::tar::{Entry, EntryKind, Visitor};
use super::{Fixes, Member, MemberKind, Report, dashboard, paths};
use crate::check::{Options, analyze};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Purpose;
use crate::rules::MORE_PROBLEMS;
use crate::text::quote;
use judge::Judge;
use manifest::is_manifest;

/// The folder whose files are dashboards.
const DASHBOARDS: &str = "metrics/dashboards/";

/// What is kept of a package while it is read.
#[derive(Default)]
pub(super) struct Contents {
    members: Vec<Member>,
    /// Index of each path in `members`.
    by_path: BTreeMap<String, usize>,
    path_bytes: usize,
    unpacked: u64,
    manifest: Option<Manifest>,
    /// Path of a `krt.yml` in a folder, before and after the package's own.
    nested_before: Option<String>,
    nested_after: Option<String>,
    /// Contents of `.proto` files by path; `None` for one that is too large to keep.
    protos: BTreeMap<String, Option<Vec<u8>>>,
    kept_bytes: u64,
    diagnostics: Vec<Diagnostic>,
    /// How often each code was reported.
    counts: BTreeMap<String, usize>,
    /// What the data of the current member is kept for.
    keeping: Keeping,
    kept: Vec<u8>,
}

/// The package's own manifest.
struct Manifest {
    path: String,
    /// `None` when the manifest is too large or not a file.
    bytes: Option<Vec<u8>>,
}

#[derive(Default)]
enum Keeping {
    #[default]
    Nothing,
    Manifest,
    Proto(String),
    Dashboard(String),
}

impl Visitor for Contents {
    fn member(&mut self, entry: Entry) -> Result<(), Box<Diagnostic>> {
        let named = paths::named(&entry.path);
        self.path_bytes += named.path.len();
        let count = self.members.len() + 1;
        if count > MAX_MEMBERS || self.path_bytes > MAX_PATHS {
            let message = match count > MAX_MEMBERS {
                true => format!("the package has more than {MAX_MEMBERS} members, which is the limit"),
                false => format!(
                    "the paths of the first {count} members have {} bytes in total; the limit is {MAX_PATHS} (8 MiB)",
                    self.path_bytes
                ),
            };
            let help = "leave out what the nodes do not need: caches, environments, data";
            return Err(Box::new(Diagnostic::error("package-members", message).with_help(help)));
        }
        // `./` is the root, which always exists.
        if named.path.is_empty() && named.problem.is_none() {
            return Ok(());
        }
        let is_good = named.problem.as_ref().is_none_or(|problem| problem.severity != Severity::Error);
        if let Some(problem) = named.problem {
            self.tell(problem.with_member(named.path.clone()));
        }
        let kind = self.kind(&entry, &named.path);
        self.unpacked += entry.size;
        if is_good {
            self.special(&named.path, kind, entry.size);
        }
        if is_good && named.is_text {
            self.list_once(&named.path, kind);
        }
        self.members.push(Member { path: named.path, kind, size: entry.size });
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) {
        if !matches!(self.keeping, Keeping::Nothing) {
            self.kept.extend_from_slice(bytes);
        }
    }

    fn end(&mut self) {
        let bytes = std::mem::take(&mut self.kept);
        match std::mem::take(&mut self.keeping) {
            Keeping::Nothing => {}
            Keeping::Manifest => {
                if let Some(manifest) = &mut self.manifest {
                    manifest.bytes = Some(bytes);
                }
            }
            Keeping::Proto(path) => {
                self.protos.insert(path, Some(bytes));
            }
            Keeping::Dashboard(path) => {
                if let Some(why) = dashboard::problem(&bytes) {
                    let message = format!("the dashboard {} is invalid: {why}", quote(&path));
                    let help = "a dashboard is a JSON object with `name`, `cells` and `templates`";
                    self.tell(Diagnostic::error("dashboard-form", message).with_member(path).with_help(help));
                }
            }
        }
    }
}

impl Contents {
    /// Returns the kind of a member. Links, devices and the like are errors: they can point outside the package.
    fn kind(&mut self, entry: &Entry, path: &str) -> MemberKind {
        let what = match entry.kind {
            EntryKind::File => return MemberKind::File,
            EntryKind::Folder => return MemberKind::Folder,
            EntryKind::Symlink => "a symbolic link",
            EntryKind::Hardlink => "a hard link",
            EntryKind::Device => "a device",
            EntryKind::Fifo => "a named pipe",
            EntryKind::Sparse => "a sparse file",
            EntryKind::Unknown(_) => "of an unknown kind",
        };
        let help = match entry.kind {
            EntryKind::Symlink | EntryKind::Hardlink => {
                "pack the file itself: `tar --dereference --hard-dereference -czf …`"
            }
            EntryKind::Sparse => "pack without `--sparse`",
            _ => "pack only files and folders",
        };
        let message = format!("the member {} is {what}", quote(path));
        self.tell(Diagnostic::error("member-kind", message).with_member(path).with_help(help));
        MemberKind::Other
    }

    /// Handles members with a meaning: the manifest, protos, dashboards, and probably accidental ones.
    fn special(&mut self, path: &str, kind: MemberKind, size: u64) {
        let file = path.rsplit('/').next().unwrap_or_default();
        if is_manifest(path) {
            self.manifest_member(path, kind, size);
        } else if is_manifest(file) && kind == MemberKind::File {
            let place = if self.manifest.is_none() { &mut self.nested_before } else { &mut self.nested_after };
            place.get_or_insert_with(|| path.to_owned());
        } else if kind == MemberKind::File && file.ends_with(".proto") {
            let is_kept = size <= MAX_PROTO && self.kept_bytes + size <= MAX_KEPT;
            self.protos.insert(path.to_owned(), None);
            if is_kept {
                self.kept_bytes += size;
                self.keeping = Keeping::Proto(path.to_owned());
            }
        } else if let Some(inside) = path.strip_prefix(DASHBOARDS) {
            self.dashboard_member(path, inside, kind, size);
        }
        if path.split('/').any(|part| part == ".git") && !self.counts.contains_key("member-git") {
            let message = format!("the package contains a git folder ({})", quote(path));
            let help = "exclude the folder: `tar --exclude-vcs -czf …`";
            self.tell(Diagnostic::warning("member-git", message).with_member(path).with_help(help));
        }
    }

    fn dashboard_member(&mut self, path: &str, inside: &str, kind: MemberKind, size: u64) {
        if kind == MemberKind::Folder || inside.contains('/') {
            if !self.counts.contains_key("dashboard-folder") {
                let message = format!("{} is in a subfolder of `metrics/dashboards`", quote(path));
                let help = "KRE reads only files directly in `metrics/dashboards`: move the dashboards there";
                self.tell(Diagnostic::warning("dashboard-folder", message).with_member(path).with_help(help));
            }
        } else if size > MAX_DASHBOARD {
            let message = format!(
                "the dashboard {} has {size} bytes and was not checked; the limit is {MAX_DASHBOARD} (1 MiB)",
                quote(path)
            );
            let help = "make the dashboard smaller";
            self.tell(Diagnostic::warning("dashboard-size", message).with_member(path).with_help(help));
        } else if kind == MemberKind::File {
            self.keeping = Keeping::Dashboard(path.to_owned());
        }
    }

    /// Reports a second file with the same path, or a file in place of a folder: which one counts depends on the
    /// unpacking tool.
    fn list_once(&mut self, path: &str, kind: MemberKind) {
        let first = self.by_path.get(path).and_then(|at| self.members.get(*at)).map(|member| member.kind);
        match first {
            None => {
                self.by_path.insert(path.to_owned(), self.members.len());
            }
            Some(MemberKind::Folder) if kind == MemberKind::Folder => {}
            Some(_) if is_manifest(path) => {}
            Some(_) => {
                let message = format!("the package has two members named {}", quote(path));
                let help = "which one counts depends on the unpacking tool: pack the project again from scratch";
                self.tell(Diagnostic::error("member-duplicate", message).with_member(path).with_help(help));
            }
        }
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        let count = self.counts.entry(diagnostic.code.to_string()).or_default();
        *count += 1;
        if *count <= MAX_ALIKE {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Runs the checks that need all members. A package that was not read to its end skips those on missing members.
    pub(super) fn into_report(mut self, is_whole: bool, fixes: Fixes, report: &mut Report) {
        self.manifest_problems(is_whole);
        if let Some(Manifest { path, bytes: Some(bytes) }) = self.manifest.take() {
            let mut analysis = analyze(bytes, Options::MEMBER);
            let text = analysis.text.take();
            let listing = Listing { members: &self.members, by_path: &self.by_path, protos: &self.protos };
            let judge = Judge { listing, is_whole };
            match &text {
                Some(text) => {
                    let analysis = judge.tell(text, analysis, Purpose::Reporting);
                    if fixes == Fixes::Applied {
                        report.fixed = judge.fix(text, &analysis).map(Report::of_fixed);
                    }
                    (report.manifest, report.diagnostics) = (analysis.manifest, analysis.diagnostics);
                }
                // Without a text, diagnostics have no place.
                None => {
                    let diagnostics = analysis.diagnostics.into_iter();
                    let of_member = |found| Diagnostic { span: None, member: Some(path.clone()), ..found };
                    report.diagnostics.extend(diagnostics.map(of_member));
                }
            }
            (report.manifest_text, report.manifest_path) = (text, Some(path));
        }
        if is_whole {
            report.diagnostics.extend(across::docs(&self.members));
            report.diagnostics.extend(across::files_as_folders(&self.members, &self.by_path));
        }
        report.diagnostics.append(&mut self.diagnostics);
        for (code, count) in self.counts.iter().filter(|(_, count)| **count > MAX_ALIKE) {
            let message = format!("`{code}`: {} more not shown", count - MAX_ALIKE);
            report.diagnostics.push(Diagnostic::hint(MORE_PROBLEMS, message));
        }
        (report.members, report.unpacked) = (self.members, self.unpacked);
    }
}
