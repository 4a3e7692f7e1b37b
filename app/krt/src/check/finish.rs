//! Draft to manifest, and the references to compare with a package's members.

use std::collections::HashSet;

use super::distinct::are_distinct;
use super::draft::{Draft, DraftNode, DraftStore, DraftWorkflow, Text, halves};
use crate::manifest::{Config, Entrypoint, Format, Manifest, Node, ObjectStore, Subscription, Workflow};
use crate::text::Range;

/// The manifest; `None` only if something is missing, which was then reported as an error.
pub(super) fn manifest(draft: &Draft<'_>) -> Option<Manifest> {
    let config = Config {
        variables: each_once(&draft.variables).map(|name| name.value.to_owned()).collect(),
        files: each_once(&draft.files).map(|name| name.value.to_owned()).collect(),
    };
    let workflows: Option<Vec<Workflow>> = draft.workflows.iter().map(workflow).collect();
    Some(Manifest {
        format: draft.format,
        version: owned(draft.version)?,
        description: owned(draft.description)?,
        entrypoint: Entrypoint { proto: owned(draft.proto)?, image: owned(draft.image)? },
        config,
        workflows: workflows.filter(|workflows| !workflows.is_empty())?,
    })
}

fn workflow(draft: &DraftWorkflow<'_>) -> Option<Workflow> {
    let mut nodes = Vec::with_capacity(draft.nodes.len());
    for draft in &draft.nodes {
        // Constructed in place: there are thousands of nodes, and moving one takes longer than constructing it.
        let (Some(name), Some(image), Some(src)) = (draft.name, draft.image, draft.src) else { return None };
        let mut subscriptions = Vec::with_capacity(draft.subscriptions.len());
        subscriptions.extend(each_once(&draft.subscriptions).map(subscription));
        let store = |store: DraftStore<'_>| ObjectStore { name: store.name.value.to_owned(), scope: store.scope };
        nodes.push(Node {
            name: name.value.to_owned(),
            image: image.value.to_owned(),
            src: src.value.to_owned(),
            gpu: draft.gpu,
            replicas: draft.replicas,
            subscriptions,
            object_store: draft.object_store.map(store),
        });
    }
    Some(Workflow {
        name: owned(draft.name)?,
        entrypoint: owned(draft.entrypoint)?,
        exitpoint: owned(draft.exitpoint)?,
        nodes,
    })
}

fn owned(text: Option<Text<'_>>) -> Option<String> {
    text.map(|text| text.value.to_owned())
}

fn subscription(text: &Text<'_>) -> Subscription {
    let (node, subtopic) = halves(text.value);
    Subscription { node: node.to_owned(), subtopic: subtopic.map(str::to_owned) }
}

/// The texts without repetitions, in the order written.
fn each_once<'d, 't>(texts: &'d [Text<'t>]) -> impl Iterator<Item = &'d Text<'t>> {
    let mut seen = (!are_distinct(texts.iter().map(|text| text.value))).then(HashSet::new);
    texts.iter().filter(move |text| seen.as_mut().is_none_or(|seen| seen.insert(text.value)))
}

/// What the manifest expects of the package around it.
#[derive(Default)]
pub(crate) struct References {
    pub(crate) proto: Option<Placed>,
    /// Each node's name and its `src`.
    pub(crate) sources: Vec<(String, Placed)>,
    /// Each workflow's name and the method that starts it.
    pub(crate) methods: Vec<(String, Placed)>,
}

pub(crate) struct Placed {
    pub(crate) value: String,
    pub(crate) at: Range,
}

/// Byte offset of each workflow; empty for v1, whose nodes are elsewhere, and `None` if there is no workflow.
pub(super) fn workflows(draft: &Draft<'_>) -> Option<Vec<u32>> {
    let with_nodes = draft.workflows.iter().filter(|_| draft.format == Format::V2);
    (!draft.workflows.is_empty()).then(|| with_nodes.map(|workflow| workflow.head.start).collect())
}

/// The references of a draft. In v1 a node has one `src`, no matter how many workflows use it.
pub(super) fn references(draft: &Draft<'_>) -> References {
    let placed = |text: &Text<'_>| Placed { value: text.value.to_owned(), at: text.at };
    let name = |text: Option<Text<'_>>| owned(text).unwrap_or_default();
    let listed: Vec<&DraftNode<'_>> = match draft.nodes.is_empty() {
        true => draft.workflows.iter().flat_map(|workflow| &workflow.nodes).collect(),
        false => draft.nodes.iter().collect(),
    };
    let source = |node: &&DraftNode<'_>| node.src.as_ref().map(|src| (name(node.name), placed(src)));
    let method = |flow: &DraftWorkflow<'_>| flow.entrypoint.as_ref().map(|method| (name(flow.name), placed(method)));
    References {
        proto: draft.proto.as_ref().map(placed),
        sources: listed.iter().filter_map(source).collect(),
        methods: draft.workflows.iter().filter_map(method).collect(),
    }
}
