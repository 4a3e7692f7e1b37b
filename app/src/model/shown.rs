//! What the tabs that are only shown are made of. They never leave the server as data: it renders them.

use krt::diagnostic::Diagnostic;
use krt::manifest::Workflow;
use serde::{Deserialize, Serialize};

use super::{NodeLive, Timestamp};

/// The manifest as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestText {
    pub text: String,
    /// Warnings and hints it was accepted with.
    pub diagnostics: Vec<Diagnostic>,
}

/// One member of the stored package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageMember {
    pub path: String,
    pub is_folder: bool,
    pub size: u64,
}

/// A page of the members of a package, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersPage {
    pub members: Vec<PackageMember>,
    /// How many stand before these.
    pub from: u32,
    /// How many there are, on all pages, and how many of them are files.
    pub total: u32,
    pub files: u32,
}

/// One Kubernetes object of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterObject {
    pub kind: String,
    pub name: String,
    /// As the cluster holds it, without `managedFields`, data of Secrets masked.
    pub yaml: String,
    /// Whether its end is missing, because it is too long for a page.
    pub is_cut: bool,
}

/// A page of a version's objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectsPage {
    pub objects: Vec<ClusterObject>,
    /// Where the next page begins, in the cluster's own words.
    pub next: Option<String>,
    /// Whether this is the first page.
    pub is_first: bool,
    /// Where they are, for those who want to read one whole.
    pub namespace: String,
}

/// The log of one pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLog {
    pub workflow: String,
    pub node: String,
    pub pod: String,
    pub saved_at: Timestamp,
    /// Oldest first; at most 1,000.
    pub lines: Vec<String>,
}

/// The logs of some pods of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogsPage {
    /// The last lines of each, as they are shown: short enough, and with nothing in them that cannot be seen.
    pub logs: Vec<NodeLog>,
    /// How many pods stand before these.
    pub from: u32,
    /// How many pods there are, on all pages.
    pub total: u32,
    /// Whether some lines are missing.
    pub is_cut: bool,
    pub read_at: Timestamp,
}

/// The nodes of a version that has too many of them to be drawn on its page; none of any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodesPage {
    /// Some of the nodes, with their workflow, in manifest order; the health only while something of it may run.
    pub nodes: Vec<(String, krt::manifest::Node, Option<NodeLive>)>,
    /// How many stand before these.
    pub from: u32,
    /// How many nodes there are, on all pages.
    pub total: u32,
    /// Workflows by name, each with its number of nodes; of very many the first.
    pub workflows: Vec<(String, u32)>,
    pub more_workflows: u32,
    /// How many processes are started, starting, in error, stopped.
    pub counts: [u32; 4],
    /// Those in error, the first of them.
    pub troubles: Vec<NodeLive>,
    pub read_at: Timestamp,
}

/// A workflow to be drawn, with the health of its processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowPicture {
    pub workflow: Workflow,
    pub nodes: Vec<NodeLive>,
}
