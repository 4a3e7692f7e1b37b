//! Determines the format of a manifest: compares `krtVersion` with the structure of the manifest.

use super::fields::{Fields, means};
use super::key::Key;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree, ValueKind};
use crate::manifest::Format;
use crate::text::{ProposedEdit, quote};

/// Determines the format for reading the rest, and reports contradictions.
pub(crate) fn decide(tree: &Tree<'_>, top: &Fields<'_, '_>, problems: &mut Problems) -> Format {
    let looks = looks_like(tree, top);
    let Some(value) = top.optional(Key::KrtVersion) else {
        return when_not_said(tree, looks, top, problems);
    };
    let at = tree.at(value);
    let said = match &tree.value(value).kind {
        ValueKind::Scalar(scalar) => match scalar.text.as_ref() {
            "" => return when_not_said(tree, looks, top, problems),
            "v1" => Some(Format::V1),
            "v2" => Some(Format::V2),
            other => {
                let message = format!("{} is not a KRT format", quote(other));
                let problem =
                    Problem::error("format-unknown", at, message).help("write `krtVersion: v1` or `krtVersion: v2`");
                problems.push(match looks {
                    Some(looks) => problem.instead(at, looks.as_str()),
                    None => problem,
                });
                None
            }
        },
        _ => {
            problems.push(Problem::error("format-unknown", at, "`krtVersion` must be `v1` or `v2`"));
            None
        }
    };
    match (said, looks) {
        (Some(said), Some(looks)) if said != looks => {
            let (said, looks) = (said.as_str(), looks.as_str());
            let message = format!("`krtVersion` is {said}, but the manifest has the structure of {looks}");
            problems.push(Problem::error("format-mismatch", at, message).help(form(looks)).instead(at, looks));
        }
        _ => {}
    }
    looks.or(said).unwrap_or(Format::V2)
}

fn when_not_said(tree: &Tree<'_>, looks: Option<Format>, top: &Fields<'_, '_>, problems: &mut Problems) -> Format {
    let is_half = looks != Some(Format::V2) && is_half_v2(tree, top);
    if looks != Some(Format::V2) && !is_half {
        return Format::V1;
    }
    let insert = || {
        let behind_version = top.insert_behind(Key::Version, "krtVersion: v2");
        if behind_version.is_empty() { top.insert("krtVersion: v2") } else { behind_version }
    };
    let (at, title, changes) = match (top.lookalike(Key::KrtVersion), top.entry_at(Key::KrtVersion)) {
        (Some((wrong, at)), _) => {
            let help = format!("rename {} to `krtVersion`", quote(wrong));
            (at, help, vec![ProposedEdit::Value(at, "krtVersion".to_owned())])
        }
        (None, Some((key, value))) => {
            (key, "write `krtVersion: v2`".to_owned(), vec![ProposedEdit::Value(value, "v2".to_owned())])
        }
        (None, None) => (top.head, "add the line `krtVersion: v2`".to_owned(), insert()),
    };
    let message = match is_half {
        false => "the nodes are declared inside their workflows, as in KRT v2, but `krtVersion` is not set to v2",
        true => "this manifest mixes KRT v1 and v2: it has `subscriptions` or `exitpoint` instead of `sequential`",
    };
    let help = if is_half { format!("{title}, and move `nodes` into their workflow") } else { title.clone() };
    problems.push(Problem::error("format-missing", at, message).help(help).fix(title, changes));
    Format::V2
}

fn form(format: &str) -> String {
    let keys = match format {
        "v1" => "`nodes` at the top and `sequential` in the workflows",
        _ => "`nodes` and `exitpoint` inside the workflows",
    };
    format!("{format} has {keys}: change `krtVersion` to {format}, or restructure the manifest")
}

/// Whether some workflow has a `sequential` (the v1 order of its nodes) or a misspelled one.
pub(super) fn has_order(tree: &Tree<'_>, top: &Fields<'_, '_>) -> bool {
    let keys = || workflows(tree, top).filter_map(|workflow| tree.map(workflow)).flatten().map(|[key, _]| *key);
    keys().any(|key| matches!(&tree.value(key).kind, ValueKind::Scalar(key) if means(&key.text, "sequential")))
}

/// Whether the top-level nodes are meant as v2: they have subscriptions or their workflow has an exitpoint, and there
/// is no `sequential`.
fn is_half_v2(tree: &Tree<'_>, top: &Fields<'_, '_>) -> bool {
    let nodes = top.optional(Key::Nodes).and_then(|nodes| tree.list(nodes)).unwrap_or_default();
    !nodes.is_empty()
        && !has_order(tree, top)
        && (workflows(tree, top).any(|workflow| has_key(tree, workflow, "exitpoint"))
            || nodes.iter().any(|node| has_key(tree, *node, "subscriptions")))
}

/// The format that the keys belong to; `None` if they belong to both formats or to none.
fn looks_like(tree: &Tree<'_>, top: &Fields<'_, '_>) -> Option<Format> {
    let workflow_has = |key: &str| workflows(tree, top).any(|workflow| has_key(tree, workflow, key));
    let v1 = top.has(Key::Nodes) || workflow_has("sequential");
    let v2 = workflow_has("nodes") || workflow_has("exitpoint");
    match (v1, v2) {
        (true, false) => Some(Format::V1),
        (false, true) => Some(Format::V2),
        _ => None,
    }
}

pub(super) fn workflows<'a>(tree: &'a Tree<'_>, top: &Fields<'_, '_>) -> impl Iterator<Item = Id> + use<'a> {
    let items = top.optional(Key::Workflows).and_then(|value| tree.list(value));
    items.unwrap_or_default().iter().copied()
}

pub(super) fn has_key(tree: &Tree<'_>, id: Id, key: &str) -> bool {
    tree.map(id).is_some_and(|entries| entries.iter().any(|[name, _]| tree.word(*name) == Some(key)))
}
