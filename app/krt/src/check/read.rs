//! Tree to draft: reads every key of the manifest once, in the format that [`super::format`] determined.

use super::config;
use super::draft::{Draft, DraftWorkflow, Text};
use super::fields::Fields;
use super::foreign;
use super::format;
use super::key::Key;
use super::nodes::{self, NodeForm, Nodes};
use super::owner::Owner;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree, ValueKind};
use super::values::{is_null, texts};
use crate::manifest::Format;
use crate::text::{ProposedEdit, Range, as_scalar, quote};

const TOP: &[Key] = &[Key::KrtVersion, Key::Version, Key::Description, Key::Entrypoint, Key::Config, Key::Workflows];
const TOP_V1: &[Key] =
    &[Key::KrtVersion, Key::Version, Key::Description, Key::Entrypoint, Key::Config, Key::Nodes, Key::Workflows];
const ENTRYPOINT: &[Key] = &[Key::Proto, Key::Image];
const WORKFLOW_V1: &[Key] = &[Key::Name, Key::Entrypoint, Key::Sequential];
const WORKFLOW_V2: &[Key] = &[Key::Name, Key::Entrypoint, Key::Exitpoint, Key::Nodes];

/// Reads the manifest. Returns `None` if the file is not a manifest, which is then the only problem.
pub(crate) fn read<'t>(tree: &'t Tree<'t>, problems: &mut Problems) -> Option<Draft<'t>> {
    let empty = || Problem::error("manifest-empty", Range::default(), "the manifest is empty");
    let is_empty = |root: Id| is_null(tree, root) || tree.map(root).is_some_and(<[_]>::is_empty);
    let Some(root) = tree.root.filter(|root| !is_empty(*root)) else {
        problems.push(empty().help("a manifest begins with `version`, `krtVersion` and `description`"));
        return None;
    };
    let old = foreign::old_list(tree, root, "the manifest", &[Key::Version, Key::Workflows], problems);
    let root = old.unwrap_or(Some(root))?;
    let top = Fields::of(tree, root, Owner::Called("the manifest"), TOP_V1, problems)?;
    if foreign::is_foreign(tree, &top, problems) {
        return None;
    }
    let format = format::decide(tree, &top, problems);
    let known = if format == Format::V1 { TOP_V1 } else { TOP };
    let mut top = Fields::of(tree, root, Owner::Called("the manifest"), known, problems)?;
    let version = top.text(Key::Version, problems);
    let description = top.text(Key::Description, problems);
    let entrypoint = match top.required(Key::Entrypoint, problems) {
        Some(entrypoint) => {
            let old = foreign::old_list(tree, entrypoint, "`entrypoint`", ENTRYPOINT, problems);
            old.unwrap_or(Some(entrypoint))
                .map(|entrypoint| read_entrypoint(tree, entrypoint, top.key_at(Key::Entrypoint), problems))
        }
        None => None,
    };
    let (proto, image) = entrypoint.unwrap_or_default();
    let (variables, files) = match top.optional(Key::Config) {
        Some(config) => config::read(tree, config, problems),
        None => (Vec::new(), Vec::new()),
    };
    let nodes = match format {
        Format::V1 => {
            let items = top.required_list(Key::Nodes, problems);
            let form = if format::has_order(tree, &top) { NodeForm::V1 } else { NodeForm::Unordered };
            items.map(|items| nodes::read_all(tree, items, form, Owner::Called("the manifest"), problems))
        }
        Format::V2 => None,
    };
    let nodes = nodes.unwrap_or_default();
    let mut workflows = Vec::new();
    for (number, item) in top.required_list(Key::Workflows, problems).unwrap_or_default().iter().enumerate() {
        workflows.extend(read_workflow(tree, *item, number + 1, format, &nodes, problems));
    }
    let is_typed_krt_version = |key: &str| key.eq_ignore_ascii_case("krtVersion") && format == Format::V2;
    let elsewhere = |key: &str| match key {
        "nodes" => Some("in KRT v2, nodes belong in their workflow".to_owned()),
        "exitpoint" => Some("the exitpoint belongs in its workflow".to_owned()),
        key if is_typed_krt_version(key) => Some("did you mean `krtVersion`?".to_owned()),
        _ => None,
    };
    top.report_unknown(elsewhere, problems);
    Some(Draft { format, version, description, proto, image, variables, files, nodes: nodes.list, workflows })
}

type MaybeText<'t> = Option<Text<'t>>;

fn read_entrypoint<'t>(
    tree: &'t Tree<'t>,
    id: Id,
    key: Option<Range>,
    problems: &mut Problems,
) -> (MaybeText<'t>, MaybeText<'t>) {
    let Some(mut fields) = Fields::of(tree, id, Owner::Called("`entrypoint`"), ENTRYPOINT, problems) else {
        return (None, None);
    };
    fields.head = key.unwrap_or(fields.head);
    let found = (fields.text(Key::Proto, problems), fields.text(Key::Image, problems));
    fields.report_unknown(|_| None, problems);
    found
}

fn read_workflow<'t>(
    tree: &'t Tree<'t>,
    id: Id,
    number: usize,
    format: Format,
    listed: &Nodes<'_>,
    problems: &mut Problems,
) -> Option<DraftWorkflow<'t>> {
    let known = if format == Format::V1 { WORKFLOW_V1 } else { WORKFLOW_V2 };
    let mut fields = Fields::of(tree, id, Owner::Numbered("workflow", number), known, problems)?;
    let name = fields.text(Key::Name, problems);
    if let Some(name) = &name {
        fields.owner = Owner::Named("workflow", name.value);
    }
    let entrypoint = fields.text(Key::Entrypoint, problems);
    let mut exitpoint = None;
    let mut nodes = Nodes::default();
    let mut sequential = Vec::new();
    let (all_named, is_complete);
    match format {
        Format::V1 => {
            let items = fields.required_list(Key::Sequential, problems).unwrap_or_default();
            let (names, complete): (Vec<_>, bool) = texts(tree, items, "`sequential`", problems);
            all_named = listed.all_named;
            is_complete = complete && listed.are_complete && !names.is_empty();
            sequential = names;
            for key in [Key::Exitpoint, Key::Nodes] {
                let Some(at) = fields.key_at(key) else { continue };
                let word = quote(key.name());
                let message = format!("{word} belongs to KRT v2, but this manifest is v1");
                let help = "remove it, or convert the manifest to v2 (`krtVersion: v2`)";
                let problem = Problem::error("key-of-other-format", at, message).help(help);
                // Without `sequential`, this key is the only order.
                problems.push(match fields.has(Key::Sequential) {
                    true => problem.fix(format!("remove {word}"), fields.drop(key)),
                    false => problem,
                });
            }
        }
        Format::V2 => {
            let items = fields.required_list(Key::Nodes, problems).unwrap_or_default();
            nodes = nodes::read_all(tree, items, NodeForm::V2, fields.owner, problems);
            exitpoint = read_exitpoint(tree, &mut fields, &nodes, problems);
            all_named = nodes.all_named && !nodes.list.is_empty();
            is_complete = nodes.are_complete && !nodes.list.is_empty();
        }
    }
    let elsewhere = |key: &str| {
        let in_order = "`sequential` belongs to KRT v1; in v2 the order comes from `subscriptions`";
        (format == Format::V2 && key == "sequential").then(|| in_order.to_owned())
    };
    fields.report_unknown(elsewhere, problems);
    let nodes = nodes.list;
    Some(DraftWorkflow { head: fields.head, name, entrypoint, exitpoint, nodes, sequential, all_named, is_complete })
}

/// Reads the exitpoint. Reports it separately if it was indented into a node.
fn read_exitpoint<'t>(
    tree: &'t Tree<'t>,
    fields: &mut Fields<'t, '_>,
    listed: &Nodes<'_>,
    problems: &mut Problems,
) -> MaybeText<'t> {
    if fields.has(Key::Exitpoint) || fields.lookalike(Key::Exitpoint).is_some() {
        return fields.text(Key::Exitpoint, problems);
    }
    let behind = |entry: &str| match fields.has(Key::Entrypoint) {
        true => fields.insert_behind(Key::Entrypoint, entry),
        false => fields.insert(entry),
    };
    let inside = fields.optional(Key::Nodes).and_then(|nodes| nodes::misplaced_exitpoint(tree, nodes));
    let Some((at, value)) = inside else {
        let fixes = listed.last().map(|last| {
            let entry = format!("exitpoint: {}", as_scalar(last));
            (format!("add `{entry}`"), behind(&entry))
        });
        fields.report_missing_with(Key::Exitpoint, fixes, problems);
        return None;
    };
    let mut changes = vec![ProposedEdit::DropEntry { key: at, value: tree.at(value) }];
    if let ValueKind::Scalar(name) = &tree.value(value).kind {
        changes.extend(behind(&format!("exitpoint: {}", as_scalar(&name.text))));
    }
    let message = format!("`exitpoint` is missing in {}", fields.owner);
    let problem = Problem::error("key-missing", fields.head, message);
    problems.push(
        problem
            .help("move it out of the node: indent it like `nodes`")
            .related("it is inside a node here", at)
            .fix("move it to its workflow", changes),
    );
    None
}
