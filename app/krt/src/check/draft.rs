//! A manifest as far as it could be read: every part is optional and has its position.

use smallvec::SmallVec;

use crate::manifest::forms::cut;
use crate::manifest::{Format, ObjectStoreScope, Replicas};
use crate::text::Range;

/// A text of the tree and its position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'t> {
    pub(crate) value: &'t str,
    pub(crate) at: Range,
}

impl<'t> Text<'t> {
    /// The node that a subscription names: the part before the subtopic.
    pub(crate) fn node(&self) -> &'t str {
        halves(self.value).0
    }
}

/// A subscription's node and subtopic: the parts before and after its first dot.
pub(crate) fn halves(subscription: &str) -> (&str, Option<&str>) {
    cut(subscription, b'.').map_or((subscription, None), |(node, subtopic)| (node, Some(subtopic)))
}

/// The parts that were read; `None` where a problem was reported.
#[derive(Debug)]
pub(crate) struct Draft<'t> {
    pub(crate) format: Format,
    pub(crate) version: Option<Text<'t>>,
    pub(crate) description: Option<Text<'t>>,
    pub(crate) proto: Option<Text<'t>>,
    pub(crate) image: Option<Text<'t>>,
    pub(crate) variables: Vec<Text<'t>>,
    pub(crate) files: Vec<Text<'t>>,
    /// v1: the nodes listed at the top. Empty in v2.
    pub(crate) nodes: Vec<DraftNode<'t>>,
    pub(crate) workflows: Vec<DraftWorkflow<'t>>,
}

#[derive(Debug)]
pub(crate) struct DraftWorkflow<'t> {
    /// The position for problems of the whole workflow.
    pub(crate) head: Range,
    pub(crate) name: Option<Text<'t>>,
    pub(crate) entrypoint: Option<Text<'t>>,
    /// Set in v2 only, until v1 is unfolded.
    pub(crate) exitpoint: Option<Text<'t>>,
    pub(crate) nodes: Vec<DraftNode<'t>>,
    /// v1: the node names in the order they run.
    pub(crate) sequential: Vec<Text<'t>>,
    /// Whether each of its nodes (v1: of all nodes) has a name. If so, a name that is not among them is unknown.
    pub(crate) all_named: bool,
    /// Whether all of its nodes and their subscriptions could be read. If so, problems of the whole graph may be
    /// reported.
    pub(crate) is_complete: bool,
}

impl DraftWorkflow<'_> {
    /// "workflow `greeting`", or "this workflow" if it has no name.
    pub(crate) fn title(&self) -> String {
        self.name
            .as_ref()
            .map_or("this workflow".to_owned(), |name| format!("workflow {}", crate::text::quote(name.value)))
    }

    pub(crate) fn place(&self) -> Range {
        self.name.as_ref().map_or(self.head, |name| name.at)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct DraftNode<'t> {
    pub(crate) head: Range,
    pub(crate) name: Option<Text<'t>>,
    pub(crate) image: Option<Text<'t>>,
    pub(crate) src: Option<Text<'t>>,
    pub(crate) gpu: bool,
    pub(crate) replicas: Replicas,
    /// Most nodes have one, which is stored without an allocation.
    pub(crate) subscriptions: SmallVec<[Text<'t>; 1]>,
    pub(crate) object_store: Option<DraftStore<'t>>,
}

impl DraftNode<'_> {
    pub(crate) fn place(&self) -> Range {
        self.name.as_ref().map_or(self.head, |name| name.at)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct DraftStore<'t> {
    pub(crate) name: Text<'t>,
    pub(crate) scope: ObjectStoreScope,
}
