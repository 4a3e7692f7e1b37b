//! Reads nodes: the same in both formats, except for the keys that only v2 has.

use std::collections::HashSet;

use smallvec::SmallVec;

use super::draft::{DraftNode, DraftStore, Text};
use super::fields::Fields;
use super::key::Key;
use super::owner::Owner;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree, ValueKind, lacks_a_dash};
use super::values::{is_null, kind_name, text, texts};
use crate::manifest::{ObjectStoreScope, Replicas};
use crate::text::{Meaning, ProposedEdit, Range, closest, did_you_mean, meaning, quote};

const NODE_V1: &[Key] = &[Key::Name, Key::Image, Key::Src, Key::Gpu];
const NODE_V2: &[Key] =
    &[Key::Name, Key::Image, Key::Src, Key::Gpu, Key::Replicas, Key::Subscriptions, Key::ObjectStore];
const STORE: &[Key] = &[Key::Name, Key::Scope];

/// More replicas of one node than this are more often a typo than intended; they cause a warning.
pub(super) const MANY_REPLICAS: i32 = 100;

/// How nodes are read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum NodeForm {
    V1,
    /// As v1, but no workflow has `sequential`: only `subscriptions` give the order.
    Unordered,
    V2,
}

/// A list of nodes, and how much of it could be read.
#[derive(Default)]
pub(super) struct Nodes<'t> {
    pub(super) list: Vec<DraftNode<'t>>,
    /// Each of them has a name.
    pub(super) all_named: bool,
    /// Each of them has readable subscriptions besides.
    pub(super) are_complete: bool,
}

pub(super) fn read_all<'t>(
    tree: &'t Tree<'t>,
    items: &[Id],
    form: NodeForm,
    owner: Owner<'_>,
    problems: &mut Problems,
) -> Nodes<'t> {
    let mut nodes = Nodes { list: Vec::with_capacity(items.len()), all_named: true, are_complete: true };
    for (number, item) in items.iter().enumerate() {
        let is_read = nodes.read(tree, *item, Owner::Within("node", number + 1, &owner), form, problems);
        nodes.all_named &= is_read && !lacks_a_dash(tree, *item);
    }
    nodes.are_complete &= nodes.all_named;
    nodes
}

impl<'t> Nodes<'t> {
    /// Reads one node. Returns whether its name could be read.
    fn read(&mut self, tree: &'t Tree<'t>, id: Id, owner: Owner<'_>, form: NodeForm, problems: &mut Problems) -> bool {
        let known = if form == NodeForm::V2 { NODE_V2 } else { NODE_V1 };
        let Some(mut fields) = Fields::of(tree, id, owner, known, problems) else {
            self.are_complete = false;
            return false;
        };
        let name = fields.text(Key::Name, problems);
        if let Some(name) = &name {
            fields.owner = Owner::Named("node", name.value);
        }
        let image = fields.text(Key::Image, problems);
        let src = fields.text(Key::Src, problems);
        let gpu = fields.optional(Key::Gpu).is_some_and(|value| read_gpu(tree, value, fields.owner, problems));
        let (mut subscriptions, mut replicas, mut object_store) = (SmallVec::new(), Replicas::default(), None);
        if form == NodeForm::V2 {
            let items = fields.required_list(Key::Subscriptions, problems);
            let (names, all) = texts(tree, items.unwrap_or_default(), "`subscriptions`", problems);
            self.are_complete &= all && items.is_some();
            subscriptions = names;
            let wanted = fields.optional(Key::Replicas);
            replicas = wanted.map_or(replicas, |value| read_replicas(tree, value, fields.owner, problems));
            let store = fields.optional(Key::ObjectStore);
            object_store = store.and_then(|value| read_store(tree, value, fields.owner, problems));
        } else {
            report_v2_keys(&fields, form, problems);
        }
        fields.report_unknown(|key| elsewhere(key, form), problems);
        let head = fields.head;
        self.list.push(DraftNode { head, name, image, src, gpu, replicas, subscriptions, object_store });
        name.is_some()
    }
}

/// The help for a key that is not valid in a node, but in another place.
fn elsewhere(key: &str, form: NodeForm) -> Option<String> {
    let help = match (key, form) {
        ("exitpoint", _) => "the exitpoint belongs to the workflow: indent it like `nodes`",
        ("replicas" | "objectStore", NodeForm::V1 | NodeForm::Unordered) => {
            "this key belongs to KRT v2 (`krtVersion: v2`)"
        }
        ("env" | "environment", _) => "declare variables under `config.variables`",
        _ => return None,
    };
    Some(help.to_owned())
}

impl Nodes<'_> {
    /// The node that no other node subscribes to, if there is exactly one: the likely exitpoint.
    pub(super) fn last(&self) -> Option<&str> {
        let subscriptions = self.list.iter().flat_map(|node| &node.subscriptions);
        let sources: HashSet<&str> = subscriptions.map(Text::node).collect();
        let names = || self.list.iter().filter_map(|node| node.name.as_ref()).map(|name| name.value);
        let mut last = names().filter(|name| !sources.contains(*name));
        let found = last.next()?;
        (self.are_complete && last.next().is_none()).then_some(found)
    }
}

/// The position and value of an `exitpoint` that was written into a node instead of its workflow.
pub(super) fn misplaced_exitpoint(tree: &Tree<'_>, nodes: Id) -> Option<(Range, Id)> {
    let maps = tree.list(nodes)?.iter().filter_map(|item| tree.map(*item));
    let is_exitpoint = |key: Id| tree.word(key) == Some("exitpoint");
    maps.flatten().find(|[key, _]| is_exitpoint(*key)).map(|[key, value]| (tree.at(*key), *value))
}

/// Reports `subscriptions` in v1: they would be ignored, though the author relies on them. Other v2 keys only warn.
fn report_v2_keys(fields: &Fields<'_, '_>, form: NodeForm, problems: &mut Problems) {
    if let Some(at) = fields.key_at(Key::Subscriptions) {
        let message = format!("`subscriptions` of {} belongs to KRT v2, but this manifest is v1", fields.owner);
        let help = "remove it (the order comes from `sequential`), or convert the manifest to v2 (`krtVersion: v2`)";
        let problem = Problem::error("key-of-other-format", at, message).help(help);
        problems.push(match form {
            NodeForm::V1 => problem.fix("remove `subscriptions`", fields.drop(Key::Subscriptions)),
            _ => problem,
        });
    }
}

/// Reads a boolean. Words that are booleans in YAML 1.1 only cause a warning.
fn read_gpu(tree: &Tree<'_>, id: Id, owner: Owner<'_>, problems: &mut Problems) -> bool {
    let at = tree.at(id);
    if let ValueKind::Scalar(scalar) = &tree.value(id).kind
        && scalar.plain
    {
        match meaning(&scalar.text) {
            Meaning::Bool(value) => return value,
            Meaning::OldBool(value) => {
                let message = format!("{} is a boolean in YAML 1.1 only", quote(&scalar.text));
                let problem = Problem::warning("gpu-word", at, message).help(format!("write `gpu: {value}`"));
                problems.push(problem.fix(format!("write `{value}`"), [ProposedEdit::Replace(at, value.to_string())]));
                return value;
            }
            _ => {}
        }
    }
    let message = format!("`gpu` of {owner} must be true or false, not {}", shown(tree, id));
    let problem = Problem::error("gpu-form", at, message).help("write `gpu: true` or `gpu: false`, without quotes");
    let word = tree.word(id).map(str::to_ascii_lowercase);
    problems.push(match word.as_deref().map(|word| meaning(word.trim())) {
        Some(Meaning::Bool(value)) => {
            problem.fix(format!("write `{value}`"), [ProposedEdit::Replace(at, value.to_string())])
        }
        _ => problem,
    });
    false
}

/// Reads a whole number of pods; 0 means 1, as in KRE 8.2 (`version_interactor.go`).
fn read_replicas(tree: &Tree<'_>, id: Id, owner: Owner<'_>, problems: &mut Problems) -> Replicas {
    let at = tree.at(id);
    let word = match &tree.value(id).kind {
        ValueKind::Scalar(scalar) if scalar.plain => scalar.text.as_ref(),
        _ => "\"",
    };
    let float_notation = |number: f64| {
        let message = format!("{} is written as a decimal, but `replicas` must be a whole number", quote(word));
        let problem = Problem::warning("replicas-fraction", at, message).help(format!("write `replicas: {number}`"));
        problem.fix(format!("write `{number}`"), [ProposedEdit::Replace(at, number.to_string())])
    };
    let whole = match meaning(word) {
        Meaning::Int(number) => Some(number),
        Meaning::Float(number) if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) => {
            problems.push(float_notation(number));
            Some(number as i64)
        }
        _ => None,
    };
    let Some(replicas) = whole.and_then(|number| i32::try_from(number).ok()).filter(|number| *number >= 0) else {
        let message = format!("`replicas` of {owner} must be a whole number of at least 1, not {}", shown(tree, id));
        let problem = Problem::error("replicas-form", at, message).help("write it with digits only: `replicas: 2`");
        let number: Option<u16> = tree.word(id).and_then(|text| text.trim().parse().ok());
        problems.push(match number.filter(|number| *number > 0) {
            Some(number) => problem.fix(format!("write `{number}`"), [ProposedEdit::Replace(at, number.to_string())]),
            None => problem,
        });
        return Replicas::default();
    };
    if replicas == 0 {
        let problem = Problem::warning("replicas-zero", at, format!("`replicas: 0` of {owner} means 1"));
        let problem = problem.fix("write `1`", [ProposedEdit::Replace(at, "1".to_owned())]);
        problems.push(problem.help("write `replicas: 1`, or remove the node"));
    }
    if replicas > MANY_REPLICAS {
        let problem = Problem::warning("replicas-many", at, format!("{owner} requests {replicas} pods"));
        problems.push(problem.help("check that this is intended"));
    }
    Replicas::new(replicas).unwrap_or_default()
}

/// Reads an object store. The scope may be absent (KRE's own default is `workflow`), but not empty or unknown.
fn read_store<'t>(tree: &'t Tree<'t>, id: Id, owner: Owner<'_>, problems: &mut Problems) -> Option<DraftStore<'t>> {
    let mut fields = Fields::of(tree, id, Owner::Key("objectStore", &owner), STORE, problems)?;
    let name = fields.text(Key::Name, problems);
    let scope = if fields.has(Key::Scope) {
        read_scope(tree, &mut fields, problems)
    } else {
        if fields.lookalike(Key::Scope).is_none() {
            let message = format!("{} has no `scope`", fields.owner);
            let problem = Problem::hint("object-store-no-scope", fields.head, message)
                .help("the default here is `workflow`, but KRE rejects a missing scope: write `scope: workflow`");
            problems.push(problem.fix("add `scope: workflow`", fields.insert("scope: workflow")));
        }
        Some(ObjectStoreScope::Workflow)
    };
    fields.report_unknown(|_| None, problems);
    Some(DraftStore { name: name?, scope: scope? })
}

fn read_scope(tree: &Tree<'_>, fields: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<ObjectStoreScope> {
    let value = fields.required(Key::Scope, problems)?;
    let Text { value: word, at } = text(tree, value, "`scope`", problems)?;
    match word {
        "workflow" => Some(ObjectStoreScope::Workflow),
        "project" => Some(ObjectStoreScope::Project),
        _ => {
            let message = format!("`scope` of {} must be `workflow` or `project`, not {}", fields.owner, quote(word));
            let problem = Problem::error("object-store-scope", at, message);
            problems.push(match closest(word.trim(), ["workflow", "project"].into_iter()) {
                Some(near) => problem.help(did_you_mean(near)).instead(at, near),
                None => problem
                    .help("`workflow` shares the store among the workflow's nodes, `project` among all workflows"),
            });
            None
        }
    }
}

/// The value if it is a scalar, otherwise its kind.
fn shown(tree: &Tree<'_>, id: Id) -> String {
    match &tree.value(id).kind {
        ValueKind::Scalar(scalar) if scalar.plain && !is_null(tree, id) => quote(&scalar.text),
        ValueKind::Scalar(scalar) => format!("the text {}", quote(&scalar.text)),
        _ => kind_name(tree, id).to_owned(),
    }
}
