//! The data of the read-only tabs. The server renders them, so this data never leaves it.

use krt::diagnostic::Diagnostic;
use krt::outline::{NodeOutline, WorkflowOutline};
use serde::{Deserialize, Serialize};

use super::{NodeLive, Timestamp};

/// The manifest as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestText {
    pub text: String,
    /// The warnings and hints of the accepted manifest.
    pub diagnostics: Vec<Diagnostic>,
}

/// One member of the stored package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageMember {
    pub path: String,
    pub is_folder: bool,
    pub size: u64,
}

/// One page of the members of a package, in package order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersPage {
    pub members: Vec<PackageMember>,
    /// The number of members before this page.
    pub from: u32,
    /// The number of members on all pages.
    pub total: u32,
    /// The number of files among them.
    pub files: u32,
}

/// One Kubernetes object of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterObject {
    pub kind: String,
    pub name: String,
    /// The object as stored in the cluster, without `managedFields` and with the data of Secrets masked.
    pub yaml: String,
    /// Whether the YAML is cut because it is too long for a page.
    pub is_cut: bool,
}

/// One page of a version's objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectsPage {
    pub objects: Vec<ClusterObject>,
    /// Where the next page starts: the number of the object kind and the cluster's continue token.
    pub next: Option<String>,
    /// Whether this is the first page.
    pub is_first: bool,
    /// The namespace of the objects, for the `kubectl` command that shows a whole object.
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
    /// The last lines of each pod, cut and with invisible characters replaced for display.
    pub logs: Vec<NodeLog>,
    /// The number of pods before this page.
    pub from: u32,
    /// The number of pods on all pages.
    pub total: u32,
    /// Whether some lines are left out.
    pub is_cut: bool,
    pub read_at: Timestamp,
}

/// The nodes of a version with too many nodes to draw on its page; empty for other versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodesPage {
    /// One page of the nodes with their workflow, in manifest order. The health is set only while processes may run.
    pub nodes: Vec<(String, NodeOutline, Option<NodeLive>)>,
    /// The number of nodes before this page.
    pub from: u32,
    /// The number of nodes on all pages.
    pub total: u32,
    /// The names of the workflows with their numbers of nodes; only the first if there are very many.
    pub workflows: Vec<(String, u32)>,
    pub more_workflows: u32,
    /// The numbers of processes that are started, starting, unhealthy and stopped.
    pub counts: [u32; 4],
    /// The first of the unhealthy processes.
    pub troubles: Vec<NodeLive>,
    pub read_at: Timestamp,
}

/// A workflow to draw, with the health of its processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowPicture {
    pub workflow: WorkflowOutline,
    pub nodes: Vec<NodeLive>,
}
