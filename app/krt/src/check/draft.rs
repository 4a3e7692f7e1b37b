//! A manifest as far as it could be read: everything optional, everything with its place.

use super::places::Range;
use crate::manifest::{Format, ObjectStoreScope};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) at: Range,
}

/// What was read; `None` where a problem was reported.
pub(crate) struct Draft {
    pub(crate) format: Format,
    pub(crate) version: Option<Text>,
    pub(crate) description: Option<Text>,
    pub(crate) proto: Option<Text>,
    pub(crate) image: Option<Text>,
    pub(crate) variables: Vec<Text>,
    pub(crate) files: Vec<Text>,
    /// v1: the nodes listed once. Empty in v2.
    pub(crate) nodes: Vec<DraftNode>,
    pub(crate) workflows: Vec<DraftWorkflow>,
}

pub(crate) struct DraftWorkflow {
    /// Where to point at when something is wrong with the whole of it.
    pub(crate) head: Range,
    pub(crate) name: Option<Text>,
    pub(crate) entrypoint: Option<Text>,
    /// v2 only until v1 is unfolded.
    pub(crate) exitpoint: Option<Text>,
    pub(crate) nodes: Vec<DraftNode>,
    /// v1: the names in the order in which they run.
    pub(crate) sequential: Vec<Text>,
    /// Whether each of its nodes (v1: of all nodes) has a name: a name that is not among them is unknown.
    pub(crate) all_named: bool,
    /// Whether all of its nodes and their subscriptions could be read: what follows from the whole graph may be told.
    pub(crate) is_complete: bool,
}

impl DraftWorkflow {
    /// "workflow `greeting`", or without its name when it has none.
    pub(crate) fn title(&self) -> String {
        self.name
            .as_ref()
            .map_or("this workflow".to_owned(), |name| format!("workflow {}", super::words::quote(&name.value)))
    }

    pub(crate) fn place(&self) -> Range {
        self.name.as_ref().map_or(self.head, |name| name.at)
    }
}

#[derive(Clone)]
pub(crate) struct DraftNode {
    pub(crate) head: Range,
    pub(crate) name: Option<Text>,
    pub(crate) image: Option<Text>,
    pub(crate) src: Option<Text>,
    pub(crate) gpu: bool,
    pub(crate) replicas: i32,
    pub(crate) subscriptions: Vec<Text>,
    pub(crate) object_store: Option<DraftStore>,
}

impl DraftNode {
    pub(crate) fn place(&self) -> Range {
        self.name.as_ref().map_or(self.head, |name| name.at)
    }
}

#[derive(Clone)]
pub(crate) struct DraftStore {
    pub(crate) name: Text,
    pub(crate) scope: ObjectStoreScope,
}
