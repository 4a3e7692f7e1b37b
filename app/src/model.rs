//! What pages are told: plain data, serialised once by the server and read again by the browser.

use krt::lifecycle::{Action, Situation, Status};
use krt::manifest::{Format, Workflow};
use krt::roles::Role;
use serde::{Deserialize, Serialize};

mod activity;
pub use activity::{ActivityEntry, ActivityFilter, ActivityPage};

#[cfg(feature = "ssr")]
mod shown;
#[cfg(feature = "ssr")]
pub use shown::{
    ClusterObject, LogsPage, ManifestText, MembersPage, NodeLog, NodesPage, ObjectsPage, PackageMember, WorkflowPicture,
};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub id: i64,
    /// As shown on pages and written into the audit.
    pub name: String,
    pub role: Role,
}

/// What the top bar says of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterState {
    pub kind: ClusterKind,
    /// Since when it cannot be reached, and the last error in words; `None`: it can.
    pub unreachable: Option<Unreachable>,
    /// Runtimes that another process of this console acts on; `None`: this one does, wherever there is something to do.
    pub elsewhere: Option<Elsewhere>,
    /// For admins, in sentences: rights that are missing and what will not work, a version that is not known.
    pub notes: Vec<String>,
}

/// Runtimes that wait for another process of the same console to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// As in the Lease: `<host>_<hash>`.
    pub holder: String,
    pub since: Timestamp,
    /// Their IDs; at least one.
    pub runtimes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterKind {
    /// Simulated; every page says so.
    Embedded,
    Kubeconfig,
    InCluster,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreachable {
    pub since: Timestamp,
    pub why: String,
}

/// What every page needs: who is asking, what the cluster does, and which event of the live stream this was rendered at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub caller: Caller,
    pub cluster: ClusterState,
    /// `<boot>-<number>`: the position in the live stream that the page is true for.
    pub position: String,
}

/// A runtime in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeSummary {
    /// Part of its URLs, its labels and the default namespace: a lower-case DNS label, 1 to 19 characters.
    pub id: String,
    pub name: String,
    pub description: String,
    pub namespace: String,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Name of the published version.
    pub published: Option<String>,
    /// Versions that are not archived.
    pub versions: u32,
    /// Versions that run (started, publishing, published).
    pub running: u32,
    /// Versions that need a look: a failed start, or degraded.
    pub ailing: u32,
}

/// A page of the list of runtimes, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeList {
    pub runtimes: Vec<RuntimeSummary>,
    /// How many there are, on all pages.
    pub total: u32,
    /// The ID to read on after.
    pub next: Option<String>,
}

/// Which versions of a runtime to list; all of it also in the URL's query under these names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFilter {
    /// Part of the name, in lower case; empty: every name.
    #[serde(default)]
    pub name: String,
    /// Archived ones, too.
    #[serde(default)]
    pub archived: bool,
    /// Those older than the version of this name: the next page. Empty: the newest ones.
    #[serde(default)]
    pub before: String,
}

/// The page of a runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeDetail {
    pub runtime: RuntimeSummary,
    /// One page of those that were asked for, newest first. Of what changes while people look only so much as a list
    /// shows: at most one node, and the beginning of a failure.
    pub versions: Vec<VersionSummary>,
    /// How many were asked for, on all pages.
    pub found: u32,
    /// Give it as [`VersionFilter::before`] to read on.
    pub next: Option<String>,
    /// How many archived ones there are.
    pub archived: u32,
    /// Names that are taken, archived versions' too; of very many the newest.
    pub names: Vec<String>,
}

/// A version in the list of its runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionSummary {
    pub name: String,
    pub description: String,
    pub format: Format,
    pub created_at: Timestamp,
    pub created_by: String,
    pub live: VersionLive,
}

/// The part of a version that changes while people look: in pages and in the live stream alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLive {
    pub version: String,
    /// Status and what else decides which actions are possible; ask [`krt::lifecycle::why_not`].
    pub situation: Situation,
    /// Since when it has this status.
    pub since: Timestamp,
    /// Who brought it here: a person's name or `system`.
    pub since_by: String,
    /// How many processes (entrypoint and nodes) there are; none while archived.
    pub all: u32,
    /// How many of them are well.
    pub well: u32,
    /// The entrypoint first (workflow and node `entrypoint`), then every node in manifest order. Of more than
    /// [`MOST_NODES`] only those that are not well, the worst first, and not all of them either.
    pub nodes: Vec<NodeLive>,
    /// Why the last start or publish failed; stays until the next start.
    pub failure: Option<Failure>,
    /// What the cluster refuses, so that what is wished does not come true; it is tried again all the time.
    pub last_rejection: Option<String>,
    /// Where it can be reached inside the cluster, while it runs: `<version>.<namespace>.svc:9000`.
    pub address_inside: Option<String>,
    /// Where it can be reached from outside, while published: `host:port`.
    pub address_outside: Option<String>,
}

impl VersionLive {
    pub fn status(&self) -> Status {
        self.situation.status
    }

    /// How many processes (entrypoint and nodes) are well, and how many there are.
    pub fn ready(&self) -> (u32, u32) {
        (self.well, self.all)
    }

    /// Started or published, and yet a process of it is in error.
    pub fn is_degraded(&self) -> bool {
        matches!(self.status(), Status::Started | Status::Publishing | Status::Published)
            && self.nodes.iter().any(|node| node.health == Health::Error)
    }
}

/// Nodes of a version that its page draws, and whose health it and the live stream carry one by one: of more, the page
/// counts them, and leads to their list and to their picture.
pub const MOST_NODES: usize = 300;

/// The health of one process of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLive {
    /// `entrypoint` for the entrypoint.
    pub workflow: String,
    /// `entrypoint` for the entrypoint.
    pub node: String,
    pub health: Health,
    /// Pods ready, of pods wanted.
    pub ready: i32,
    pub wanted: i32,
    pub restarts: i32,
    /// What it waits for or suffers from, in words.
    pub reason: Option<String>,
}

/// Never shown by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Stopped,
    Starting,
    Started,
    Error,
}

/// Why a start or publish failed: a chain from what the person asked for down to the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub at: Timestamp,
    /// Which action failed.
    pub action: Action,
    /// Outermost first; each a sentence. At least one. The one about the process at fault goes on with what to do.
    pub chain: Vec<String>,
    /// The process at fault, if it was one: workflow and node. The second sentence is about it then.
    pub process: Option<(String, String)>,
    /// Its last log lines, oldest first; at most 20.
    pub last_lines: Vec<String>,
}

/// The page of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDetail {
    pub runtime: RuntimeSummary,
    pub version: VersionSummary,
    /// As the page draws them; empty when that is too much for a page, which shows them as a list then.
    pub workflows: Vec<Workflow>,
    pub package: PackageInfo,
    /// When and by whom it was last started and published.
    pub started: Option<(Timestamp, String)>,
    pub published: Option<(Timestamp, String)>,
    /// Whether it declares subscriptions, streams or object stores that a broker would have to carry, and none is configured.
    pub needs_broker: bool,
}

/// The stored package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageInfo {
    /// Lower-case hex.
    pub sha256: String,
    /// Bytes as stored.
    pub size: u64,
    /// Bytes unpacked.
    pub unpacked: u64,
    pub members: u32,
    /// Name of the uploaded file.
    pub file: String,
}

/// The configuration tab: a page of the declared variables and files, in manifest order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    pub entries: Vec<ConfigurationEntry>,
    /// Why it cannot be changed now; `None`: it can.
    pub locked: Option<String>,
    /// How many are declared, and how many of them have no value, on all pages.
    pub total: u32,
    pub missing: u32,
    /// How many stand before these.
    pub from: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigurationEntry {
    pub name: String,
    pub kind: ConfigurationKind,
    pub is_set: bool,
    /// Only for those who may read values; masked on the page until asked for.
    pub value: Option<String>,
    /// The bytes of a value that may be read and is too long for the page beside the others; it is a file of its own.
    pub too_long: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfigurationKind {
    Variable,
    File,
}

/// What an action's form needs to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPreview {
    pub runtime: RuntimeSummary,
    pub version: String,
    pub action: Action,
    pub why_not: Option<String>,
    /// Publish: the version that it replaces.
    pub replaces: Option<String>,
    /// Makes a second submission of the same form answer with the first one's result.
    pub idempotency_key: String,
}

/// An action as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRequest {
    pub runtime: String,
    pub version: String,
    pub action: Action,
    /// 1 to [`REASON_LIMIT`] characters once trimmed.
    pub reason: String,
    pub idempotency_key: String,
}

/// The longest reason, in characters: a sentence or two, shown whole in the audit's table.
pub const REASON_LIMIT: usize = 500;

/// The longest name of a runtime, in characters: it fits on one line of the list.
pub const NAME_LIMIT: usize = 60;

/// The longest description of a runtime, in characters: a short paragraph.
pub const DESCRIPTION_LIMIT: usize = 500;

/// A runtime as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRuntime {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub namespace: String,
    #[serde(default)]
    pub idempotency_key: String,
}

/// What happened, in the live stream: the data of one server-sent event, whose ID is the new position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LiveEvent {
    /// Versions of one runtime changed together, and are to be painted together.
    Versions {
        runtime: String,
        published: Option<String>,
        versions: Vec<VersionLive>,
    },
    /// A version was added to or archived in this runtime: read its list again.
    VersionList {
        runtime: String,
    },
    /// A runtime was added: read the list again.
    RuntimeList,
    Cluster {
        cluster: ClusterState,
    },
    /// The position that the browser asked for is not known (the server started anew, or it is too long ago): read everything again.
    Resync,
}
