//! Draft to manifest, and the references to compare with a package's members.

use std::collections::HashSet;

use super::contents::fault;
use super::distinct::are_distinct;
use super::draft::{Draft, DraftNode, DraftStore, DraftWorkflow, Text, halves};
use crate::manifest::{
    Config, Contents, Description, Entrypoint, FileName, Format, Image, Manifest, MemberPath, Method, Node, NodeName,
    ObjectStore, ProcessName, ProtoPath, StoreName, Subscription, Subtopic, VariableName, VersionName, Workflow,
    WorkflowName,
};
use crate::text::Range;

/// The manifest; `None` only if something is missing, which was then reported as an error.
pub(super) fn manifest(draft: &Draft<'_>) -> Option<Manifest> {
    let config = Config {
        variables: each_once(&draft.variables).map(|name| VariableName::of_checked(name.value)).collect(),
        files: each_once(&draft.files).map(|name| FileName::of_checked(name.value)).collect(),
    };
    let workflows: Option<Vec<Workflow>> = draft.workflows.iter().map(workflow).collect();
    let contents = Contents {
        format: draft.format,
        version: VersionName::of_checked(draft.version?.value),
        description: Description::of_checked(draft.description?.value),
        entrypoint: Entrypoint {
            proto: ProtoPath::of_checked(draft.proto?.value),
            image: Image::of_checked(draft.image?.value),
        },
        config,
        workflows: workflows.filter(|workflows| !workflows.is_empty())?,
    };
    debug_assert_eq!(fault(&contents), None, "text and contents are checked differently");
    Some(Manifest::of_checked(contents))
}

fn workflow(draft: &DraftWorkflow<'_>) -> Option<Workflow> {
    let mut nodes = Vec::with_capacity(draft.nodes.len());
    for draft in &draft.nodes {
        // Constructed in place: there are thousands of nodes, and moving one takes longer than constructing it.
        let (Some(name), Some(image), Some(src)) = (draft.name, draft.image, draft.src) else { return None };
        let mut subscriptions = Vec::with_capacity(draft.subscriptions.len());
        subscriptions.extend(each_once(&draft.subscriptions).map(subscription));
        let store =
            |store: DraftStore<'_>| ObjectStore { name: StoreName::of_checked(store.name.value), scope: store.scope };
        nodes.push(Node {
            name: NodeName::of_checked(name.value),
            image: Image::of_checked(image.value),
            src: MemberPath::of_checked(src.value),
            gpu: draft.gpu,
            replicas: draft.replicas,
            subscriptions,
            object_store: draft.object_store.map(store),
        });
    }
    Some(Workflow {
        name: WorkflowName::of_checked(draft.name?.value),
        entrypoint: Method::of_checked(draft.entrypoint?.value),
        exitpoint: NodeName::of_checked(draft.exitpoint?.value),
        nodes,
    })
}

fn subscription(text: &Text<'_>) -> Subscription {
    let (node, subtopic) = halves(text.value);
    Subscription { node: ProcessName::of_checked(node), subtopic: subtopic.map(Subtopic::of_checked) }
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
    let name = |text: Option<Text<'_>>| text.map_or(String::new(), |text| text.value.to_owned());
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
