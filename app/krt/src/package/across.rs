//! Compares the manifest with the members: every source exists, the proto declares the methods, the docs are in the
//! expected file.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use super::{Member, MemberKind, proto};
use crate::check::{Placed, References};
use crate::diagnostic::Diagnostic;
use crate::manifest::forms::normalized;
use crate::text::{Places, ProposedEdit, ProposedFix, closest, did_you_mean, quote};

/// Maximum number of missing files for which a similar one is searched: each search scans all members.
const MAX_SEARCHED: usize = 20;

/// The members that the manifest is compared with.
pub(super) struct Listing<'a> {
    pub(super) members: &'a [Member],
    pub(super) by_path: &'a BTreeMap<String, usize>,
    pub(super) protos: &'a BTreeMap<String, Option<Vec<u8>>>,
}

/// Checks sources, the proto and its methods.
pub(super) fn check(references: &References, listing: &Listing<'_>, text: &str) -> Vec<Diagnostic> {
    let places = Places::new(text);
    // Computed only when a file is missing.
    let taken = LazyCell::new(|| {
        let sources = references.sources.iter().filter_map(|(_, src)| normalized(&src.value));
        sources.collect::<HashSet<String>>()
    });
    let mut found = Vec::new();
    for (node, src) in &references.sources {
        let owner = format!("the source {} of node {}", quote(&src.value), quote(node));
        let is_searched = found.len() < MAX_SEARCHED;
        let near = |wanted: &str| is_searched.then(|| near(wanted, listing.members, |path| taken.contains(path)))?;
        found.extend(file(src, &owner, ("src-missing", "src-folder"), listing, near, &places));
    }
    if let Some(proto) = &references.proto {
        let owner = format!("the entrypoint's proto {}", quote(&proto.value));
        let near = |wanted: &str| near(wanted, listing.members, |_| false);
        found.extend(file(proto, &owner, ("proto-missing", "proto-folder"), listing, near, &places));
        found.extend(methods(proto, references, listing, &places));
    }
    found
}

/// Checks that a file named by the manifest is a file in the package.
fn file<'a>(
    path: &Placed,
    owner: &str,
    (missing, folder): (&'static str, &'static str),
    listing: &Listing<'_>,
    near: impl Fn(&str) -> Option<&'a str>,
    places: &Places<'_>,
) -> Option<Diagnostic> {
    // A path that leads out of the package was reported already.
    let wanted = normalized(&path.value).filter(|wanted| !wanted.is_empty())?;
    if path.value.starts_with('/') {
        return None;
    }
    let listed = listing.by_path.get(&wanted).and_then(|at| listing.members.get(*at)).map(|member| member.kind);
    let below = format!("{wanted}/");
    let has_members = listing.by_path.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below));
    match listed {
        // A link was reported already.
        Some(MemberKind::File | MemberKind::Other) => None,
        _ if listed == Some(MemberKind::Folder) || has_members => {
            let diagnostic = Diagnostic::error(folder, format!("{owner} is a folder in the package"));
            Some(diagnostic.with_span(places.span(path.at)).with_help("name a file in the folder"))
        }
        _ => {
            let diagnostic =
                Diagnostic::error(missing, format!("{owner} is not in the package")).with_span(places.span(path.at));
            Some(match near(&wanted) {
                Some(near) => meant(diagnostic, path, near, places),
                None => diagnostic.with_help("add the file to the package, or correct the path"),
            })
        }
    }
}

/// Adds the probably intended value, and the fix that writes it.
fn meant(diagnostic: Diagnostic, written: &Placed, near: &str, places: &Places<'_>) -> Diagnostic {
    let fix = ProposedFix {
        title: format!("write {}", quote(near)),
        changes: vec![ProposedEdit::Value(written.at, near.to_owned())],
    };
    let fixes = fix.to_fix(places).into_iter().collect();
    Diagnostic { fixes, ..diagnostic }.with_help(did_you_mean(near))
}

/// Returns the same path in different letter case, a path that differs by a typo, or a file of the same name elsewhere.
/// The source of another node is a candidate only in the same folder: `src/model/main.py` is not a typo of
/// `src/etl/main.py`.
fn near<'a>(wanted: &str, members: &'a [Member], is_taken: impl Fn(&str) -> bool) -> Option<&'a str> {
    let files = || members.iter().filter(|member| member.kind == MemberKind::File).map(|member| member.path.as_str());
    let name = wanted.rsplit('/').next();
    let folder = wanted.rsplit_once('/').map(|(folder, _)| folder);
    let may_be_meant = |path: &&str| !is_taken(path) || path.rsplit_once('/').map(|(folder, _)| folder) == folder;
    files()
        .find(|path| path.eq_ignore_ascii_case(wanted))
        .or_else(|| closest(wanted, files().filter(may_be_meant)))
        .or_else(|| files().find(|path| path.rsplit('/').next() == name && !is_taken(path)))
}

/// Checks that each workflow's method is an rpc of the proto. Only warnings: an imported proto may declare the rpc.
fn methods(path: &Placed, references: &References, listing: &Listing<'_>, places: &Places<'_>) -> Vec<Diagnostic> {
    let wanted = normalized(&path.value).unwrap_or_default();
    let Some(Some(bytes)) = listing.protos.get(&wanted) else { return Vec::new() };
    let proto::Proto { rpcs, fault } = proto::read(&String::from_utf8_lossy(bytes));
    if let Some(fault) = fault {
        let message = format!("the entrypoint's proto {} cannot be parsed: {fault}", quote(&path.value));
        let help = "the entrypoint would not start; check the file with `protoc`";
        return vec![Diagnostic::warning("proto-syntax", message).with_span(places.span(path.at)).with_help(help)];
    }
    if rpcs.is_empty() {
        let message = format!("the entrypoint's proto {} declares no rpc", quote(&path.value));
        let help = "no workflow can be called: declare a service with one rpc for each workflow";
        return vec![Diagnostic::warning("proto-no-rpc", message).with_span(places.span(path.at)).with_help(help)];
    }
    let missing = references.methods.iter().filter(|(_, method)| !rpcs.contains(&method.value));
    let diagnostics = missing.map(|(workflow, method)| {
        let message = format!("the proto declares no rpc {} for workflow {}", quote(&method.value), quote(workflow));
        let near = closest(&method.value, rpcs.iter().map(String::as_str));
        let diagnostic = Diagnostic::warning("proto-no-method", message).with_span(places.span(method.at));
        match near {
            Some(near) => meant(diagnostic, method, near, places),
            None => {
                let all: Vec<String> = rpcs.iter().take(10).map(|rpc| quote(rpc)).collect();
                diagnostic.with_help(format!("declared: {}", all.join(", ")))
            }
        }
    });
    diagnostics.take(100).collect()
}

/// Checks the docs: only `docs/README.md`, in exactly this spelling, is shown.
pub(super) fn docs(members: &[Member]) -> Option<Diagnostic> {
    const README: &str = "docs/README.md";
    if members.iter().any(|member| member.path == README) {
        return None;
    }
    let other = members.iter().find(|member| member.path.eq_ignore_ascii_case(README))?;
    let message = format!("the docs in {} are not shown", quote(&other.path));
    let help = "rename the file to `docs/README.md`";
    Some(Diagnostic::warning("docs-name", message).with_member(&other.path).with_help(help))
}

/// Returns the first member below another one that is a file; such a package cannot be unpacked.
pub(super) fn files_as_folders(members: &[Member], by_path: &BTreeMap<String, usize>) -> Option<Diagnostic> {
    let is_file = |path: &str| {
        by_path.get(path).and_then(|at| members.get(*at)).is_some_and(|member| member.kind == MemberKind::File)
    };
    let below =
        members.iter().find(|member| member.path.match_indices('/').any(|(at, _)| is_file(&member.path[..at])))?;
    // When the folder is a member as well, the duplicate name was reported already.
    let is_above = |folder: &str| below.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let mut folders = members.iter().filter(|member| member.kind == MemberKind::Folder);
    if folders.any(|folder| is_above(&folder.path) && is_file(&folder.path)) {
        return None;
    }
    let message = format!("the parent of the member {} is a file, not a folder", quote(&below.path));
    let help = "rename the file or the folder";
    Some(Diagnostic::error("member-below-file", message).with_member(&below.path).with_help(help))
}
