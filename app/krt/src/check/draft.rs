//! A manifest as far as it could be read: everything optional, everything with its place.

use smallvec::SmallVec;

use super::places::Range;
use super::words::cut;
use crate::manifest::{Format, ObjectStoreScope};

/// A text of the tree and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'t> {
    pub(crate) value: &'t str,
    pub(crate) at: Range,
}

impl<'t> Text<'t> {
    /// The node that a subscription names: all of it before the subtopic.
    pub(crate) fn node(&self) -> &'t str {
        halves(self.value).0
    }
}

/// A subscription's node and subtopic: what stands before its first dot, and what behind.
pub(crate) fn halves(subscription: &str) -> (&str, Option<&str>) {
    cut(subscription, b'.').map_or((subscription, None), |(node, subtopic)| (node, Some(subtopic)))
}

/// What was read; `None` where a problem was reported.
#[derive(Debug)]
pub(crate) struct Draft<'t> {
    pub(crate) format: Format,
    pub(crate) version: Option<Text<'t>>,
    pub(crate) description: Option<Text<'t>>,
    pub(crate) proto: Option<Text<'t>>,
    pub(crate) image: Option<Text<'t>>,
    pub(crate) variables: Vec<Text<'t>>,
    pub(crate) files: Vec<Text<'t>>,
    /// v1: the nodes listed once. Empty in v2.
    pub(crate) nodes: Vec<DraftNode<'t>>,
    pub(crate) workflows: Vec<DraftWorkflow<'t>>,
}

#[derive(Debug)]
pub(crate) struct DraftWorkflow<'t> {
    /// Where to point at when something is wrong with the whole of it.
    pub(crate) head: Range,
    pub(crate) name: Option<Text<'t>>,
    pub(crate) entrypoint: Option<Text<'t>>,
    /// v2 only until v1 is unfolded.
    pub(crate) exitpoint: Option<Text<'t>>,
    pub(crate) nodes: Vec<DraftNode<'t>>,
    /// v1: the names in the order in which they run.
    pub(crate) sequential: Vec<Text<'t>>,
    /// Whether each of its nodes (v1: of all nodes) has a name: a name that is not among them is unknown.
    pub(crate) all_named: bool,
    /// Whether all of its nodes and their subscriptions could be read: what follows from the whole graph may be told.
    pub(crate) is_complete: bool,
}

impl DraftWorkflow<'_> {
    /// "workflow `greeting`", or without its name when it has none.
    pub(crate) fn title(&self) -> String {
        self.name
            .as_ref()
            .map_or("this workflow".to_owned(), |name| format!("workflow {}", super::words::quote(name.value)))
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
    pub(crate) replicas: i32,
    /// One in most nodes, which is kept without an allocation.
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
