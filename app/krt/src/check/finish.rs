//! Draft to manifest, and the places that a package's members are held against.

use std::collections::BTreeSet;

use super::draft::{Draft, DraftNode, DraftWorkflow, Text};
use super::places::{Places, Range};
use crate::diagnostic::Span;
use crate::manifest::{Config, Entrypoint, Manifest, Node, ObjectStore, Subscription, Workflow};

/// The manifest. `None` only when something is missing, which then was reported as an error.
pub(super) fn manifest(draft: Draft) -> Option<Manifest> {
    let config = Config { variables: each_once(draft.variables), files: each_once(draft.files) };
    let workflows: Option<Vec<Workflow>> = draft.workflows.into_iter().map(workflow).collect();
    Some(Manifest {
        format: draft.format,
        version: draft.version?.value,
        description: draft.description?.value,
        entrypoint: Entrypoint { proto: draft.proto?.value, image: draft.image?.value },
        config,
        workflows: workflows.filter(|workflows| !workflows.is_empty())?,
    })
}

fn workflow(draft: DraftWorkflow) -> Option<Workflow> {
    let nodes: Option<Vec<Node>> = draft.nodes.into_iter().map(node).collect();
    Some(Workflow {
        name: draft.name?.value,
        entrypoint: draft.entrypoint?.value,
        exitpoint: draft.exitpoint?.value,
        nodes: nodes?,
    })
}

fn node(draft: DraftNode) -> Option<Node> {
    Some(Node {
        name: draft.name?.value,
        image: draft.image?.value,
        src: draft.src?.value,
        gpu: draft.gpu,
        replicas: draft.replicas,
        subscriptions: each_once(draft.subscriptions).into_iter().map(subscription).collect(),
        object_store: draft.object_store.map(|store| ObjectStore { name: store.name.value, scope: store.scope }),
    })
}

fn subscription(value: String) -> Subscription {
    match value.split_once('.') {
        Some((node, subtopic)) => Subscription { node: node.to_owned(), subtopic: Some(subtopic.to_owned()) },
        None => Subscription { node: value, subtopic: None },
    }
}

/// Without repetitions, in the order written.
fn each_once(texts: Vec<Text>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().map(|text| text.value).filter(|value| seen.insert(value.clone())).collect()
}

/// What the manifest says of the package around it.
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
    pub(crate) span: Span,
    /// In bytes, for mends.
    pub(crate) at: Range,
}

/// In v1 a node has one `src`, however many workflows use it.
pub(super) fn references(draft: &Draft, places: &Places<'_>) -> References {
    let placed = |text: &Text| Placed { value: text.value.clone(), span: places.span(text.at), at: text.at };
    let name = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    let listed: Vec<&DraftNode> = match draft.nodes.is_empty() {
        true => draft.workflows.iter().flat_map(|workflow| &workflow.nodes).collect(),
        false => draft.nodes.iter().collect(),
    };
    let source = |node: &&DraftNode| node.src.as_ref().map(|src| (name(&node.name), placed(src)));
    let method = |flow: &DraftWorkflow| flow.entrypoint.as_ref().map(|method| (name(&flow.name), placed(method)));
    References {
        proto: draft.proto.as_ref().map(placed),
        sources: listed.iter().filter_map(source).collect(),
        methods: draft.workflows.iter().filter_map(method).collect(),
    }
}
