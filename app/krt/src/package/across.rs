//! The manifest held against the members: every source is there, the proto has the methods, docs are where they are
//! looked for.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use super::contents::Listing;
use super::{Member, MemberKind, proto};
use crate::check::{Placed, Places, ProposedEdit, ProposedFix, References, closest, did_you_mean, normalised, quote};
use crate::diagnostic::Diagnostic;

/// For how many missing files a near one is searched: each search walks through all members.
const MAX_SEARCHED: usize = 20;

/// Sources, the proto and its methods.
pub(super) fn check(references: &References, listing: &Listing<'_>, text: &str) -> Vec<Diagnostic> {
    let places = Places::new(text);
    // Looked up only when a file is missing.
    let taken = LazyCell::new(|| {
        let sources = references.sources.iter().filter_map(|(_, src)| normalised(&src.value));
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

/// A file that the manifest names must be a file of the package.
fn file<'a>(
    path: &Placed,
    owner: &str,
    (missing, folder): (&'static str, &'static str),
    listing: &Listing<'_>,
    near: impl Fn(&str) -> Option<&'a str>,
    places: &Places<'_>,
) -> Option<Diagnostic> {
    // A path that leads out was told already.
    let wanted = normalised(&path.value).filter(|wanted| !wanted.is_empty())?;
    if path.value.starts_with('/') {
        return None;
    }
    let listed = listing.by_path.get(&wanted).and_then(|at| listing.members.get(*at)).map(|member| member.kind);
    let below = format!("{wanted}/");
    let has_members = listing.by_path.range(below.clone()..).next().is_some_and(|(path, _)| path.starts_with(&below));
    match listed {
        // A link was told already.
        Some(MemberKind::File | MemberKind::Other) => None,
        _ if listed == Some(MemberKind::Folder) || has_members => {
            let diagnostic = Diagnostic::error(folder, format!("{owner} is a folder of the package"));
            Some(diagnostic.with_span(places.span(path.at)).with_help("name the file in it"))
        }
        _ => {
            let diagnostic =
                Diagnostic::error(missing, format!("{owner} is not in the package")).with_span(places.span(path.at));
            Some(match near(&wanted) {
                Some(near) => meant(diagnostic, path, near, places),
                None => diagnostic.with_help("pack the file, or correct its path"),
            })
        }
    }
}

/// What was probably meant, and the mend that writes it.
fn meant(diagnostic: Diagnostic, written: &Placed, near: &str, places: &Places<'_>) -> Diagnostic {
    let fix = ProposedFix {
        title: format!("write {}", quote(near)),
        changes: vec![ProposedEdit::Value(written.at, near.to_owned())],
    };
    let fixes = fix.to_fix(places).into_iter().collect();
    Diagnostic { fixes, ..diagnostic }.with_help(did_you_mean(near))
}

/// The same path in other letter case, a path that differs by a slip, or a file of the same name elsewhere. What is taken by
/// another node says nothing of this one, unless it lies in the same folder: `src/model/main.py` is no slip of
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

/// Each workflow's method is an rpc of the proto. Only warnings: imports of the proto may declare it.
fn methods(path: &Placed, references: &References, listing: &Listing<'_>, places: &Places<'_>) -> Vec<Diagnostic> {
    let wanted = normalised(&path.value).unwrap_or_default();
    let Some(Some(bytes)) = listing.protos.get(&wanted) else { return Vec::new() };
    let proto::Proto { rpcs, fault } = proto::read(&String::from_utf8_lossy(bytes));
    if let Some(fault) = fault {
        let message = format!("the entrypoint's proto {} cannot be read: {fault}", quote(&path.value));
        let help = "the entrypoint would not start: try it with `protoc`";
        return vec![Diagnostic::warning("proto-syntax", message).with_span(places.span(path.at)).with_help(help)];
    }
    if rpcs.is_empty() {
        let message = format!("the entrypoint's proto {} declares no rpc", quote(&path.value));
        let help = "no workflow can be called: declare a service with one rpc for each workflow";
        return vec![Diagnostic::warning("proto-no-rpc", message).with_span(places.span(path.at)).with_help(help)];
    }
    let missing = references.methods.iter().filter(|(_, method)| !rpcs.contains(&method.value));
    let analysis = missing.map(|(workflow, method)| {
        let message = format!("the proto has no rpc {} to start workflow {}", quote(&method.value), quote(workflow));
        let near = closest(&method.value, rpcs.iter().map(String::as_str));
        let diagnostic = Diagnostic::warning("proto-no-method", message).with_span(places.span(method.at));
        match near {
            Some(near) => meant(diagnostic, method, near, places),
            None => {
                let all: Vec<String> = rpcs.iter().take(10).map(|rpc| quote(rpc)).collect();
                diagnostic.with_help(format!("it has {}", all.join(", ")))
            }
        }
    });
    analysis.take(100).collect()
}

/// Docs are shown only from `docs/README.md`, in exactly these letters.
pub(super) fn docs(members: &[Member]) -> Option<Diagnostic> {
    const README: &str = "docs/README.md";
    if members.iter().any(|member| member.path == README) {
        return None;
    }
    let other = members.iter().find(|member| member.path.eq_ignore_ascii_case(README))?;
    let message = format!("the docs in {} are not shown", quote(&other.path));
    Some(Diagnostic::warning("docs-name", message).with_member(&other.path).with_help("rename it to `docs/README.md`"))
}

/// A member below another that is a file: it cannot be unpacked. The first one is told.
pub(super) fn files_as_folders(members: &[Member], by_path: &BTreeMap<String, usize>) -> Option<Diagnostic> {
    let is_file = |path: &str| {
        by_path.get(path).and_then(|at| members.get(*at)).is_some_and(|member| member.kind == MemberKind::File)
    };
    let below =
        members.iter().find(|member| member.path.match_indices('/').any(|(at, _)| is_file(&member.path[..at])))?;
    // Where the folder is a member as well, it was told that there are two of its name.
    let is_above = |folder: &str| below.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let mut folders = members.iter().filter(|member| member.kind == MemberKind::Folder);
    if folders.any(|folder| is_above(&folder.path) && is_file(&folder.path)) {
        return None;
    }
    let message = format!("the member {} is below a file", quote(&below.path));
    Some(Diagnostic::error("member-below-file", message).with_member(&below.path).with_help("rename one of them"))
}
