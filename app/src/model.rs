//! The data of the pages: serialized by the server, deserialized by the browser.

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

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// The user who makes a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    pub id: i64,
    /// As shown on pages and recorded in the audit log.
    pub name: String,
    pub role: Role,
}

/// The state of the cluster, as shown in the top bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterState {
    pub kind: ClusterKind,
    /// Since when the cluster is unreachable, and the last error; `None` while it is reachable.
    pub unreachable: Option<Unreachable>,
    /// Runtimes that another process of this console manages; `None` when this process manages all of them.
    pub elsewhere: Option<Elsewhere>,
    /// Sentences for admins: missing permissions with their effects, an unknown Kubernetes version.
    pub notes: Vec<String>,
}

/// Runtimes that are managed by another process of the same console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The holder in the Lease: `<host>_<hash>`.
    pub holder: String,
    pub since: Timestamp,
    /// Their IDs; at least one.
    pub runtimes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClusterKind {
    /// Simulated; every page shows that.
    Embedded,
    Kubeconfig,
    InCluster,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreachable {
    pub since: Timestamp,
    pub why: String,
}

/// The data that every page needs: the caller, the state of the cluster, and the position in the live stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub caller: Caller,
    pub cluster: ClusterState,
    /// `<boot>-<number>`: the position in the live stream at which the page was rendered.
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
    /// Versions that need attention: degraded, or the last start failed.
    pub unhealthy: u32,
}

/// A page of the list of runtimes, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeList {
    pub runtimes: Vec<RuntimeSummary>,
    /// The number of runtimes on all pages.
    pub total: u32,
    /// The ID after which the next page starts.
    pub next: Option<String>,
}

/// Which versions of a runtime to list; the URL's query uses the same names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionFilter {
    /// A part of the name, in lower case; empty for every name.
    #[serde(default)]
    pub name: String,
    /// Also list archived versions.
    #[serde(default)]
    pub archived: bool,
    /// List only versions older than the version with this name, for the next page; empty for the newest.
    #[serde(default)]
    pub before: String,
}

/// The page of a runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeDetail {
    pub runtime: RuntimeSummary,
    /// One page of the matching versions, newest first. Their live part has only what a list shows: at most one node,
    /// and the beginning of a failure.
    pub versions: Vec<VersionSummary>,
    /// The number of matching versions on all pages.
    pub found: u32,
    /// The value of [`VersionFilter::before`] for the next page.
    pub next: Option<String>,
    /// The number of archived versions.
    pub archived: u32,
    /// Names in use, including those of archived versions; only the newest if there are very many.
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

/// The live part of a version, in pages and in the live stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLive {
    pub version: String,
    /// The status and everything else that decides which actions are possible, see [`krt::lifecycle::why_not`].
    pub situation: Situation,
    /// The start of the current status.
    pub since: Timestamp,
    /// Who caused the current status: a user's name or `system`.
    pub since_by: String,
    /// The number of processes (entrypoint and nodes); 0 while archived.
    pub all: u32,
    /// The number of healthy processes.
    pub well: u32,
    /// The entrypoint first (workflow and node `entrypoint`), then every node in manifest order. With more than
    /// [`MOST_NODES`] nodes, only some of the unhealthy ones, the worst first.
    pub nodes: Vec<NodeLive>,
    /// The failure of the last start or publish; kept until the next start.
    pub failure: Option<Failure>,
    /// What the cluster rejects, so that the desired state is not reached; the console keeps retrying.
    pub last_rejection: Option<String>,
    /// The address inside the cluster while the version runs: `<version>.<namespace>.svc:9000`.
    pub address_inside: Option<String>,
    /// The external address while published: `host:port`.
    pub address_outside: Option<String>,
}

impl VersionLive {
    pub fn status(&self) -> Status {
        self.situation.status
    }

    /// The numbers of healthy processes (entrypoint and nodes) and of all processes.
    pub fn ready(&self) -> (u32, u32) {
        (self.well, self.all)
    }

    /// Whether the version is started or published while one of its processes is in error.
    pub fn is_degraded(&self) -> bool {
        matches!(self.status(), Status::Started | Status::Publishing | Status::Published)
            && self.nodes.iter().any(|node| node.health == Health::Error)
    }
}

/// Maximum number of nodes that a version's page draws and whose health the page and the live stream carry one by one.
/// With more nodes, the page shows counts and links to their list and graph.
pub const MOST_NODES: usize = 300;

/// The health of one process of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLive {
    /// `entrypoint` for the entrypoint.
    pub workflow: String,
    /// `entrypoint` for the entrypoint.
    pub node: String,
    pub health: Health,
    /// The number of ready pods.
    pub ready: i32,
    /// The number of desired pods.
    pub wanted: i32,
    pub restarts: i32,
    /// What the process waits for, or what is wrong, in words.
    pub reason: Option<String>,
}

/// The health of a process; never shown by color alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    Stopped,
    Starting,
    Started,
    Error,
}

/// Why a start or publish failed: a chain from the requested action down to the cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub at: Timestamp,
    /// Which action failed.
    pub action: Action,
    /// At least one sentence, outermost first. Advice follows the sentence about the failed process.
    pub chain: Vec<String>,
    /// Workflow and node of the failed process, if a process caused the failure. The second sentence is then about it.
    pub process: Option<(String, String)>,
    /// The last log lines of the failed process, oldest first; at most 20.
    pub last_lines: Vec<String>,
}

/// The page of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDetail {
    pub runtime: RuntimeSummary,
    pub version: VersionSummary,
    /// The workflows to draw; empty when they are too large for a page, which then shows a list.
    pub workflows: Vec<Workflow>,
    pub package: PackageInfo,
    /// When and by whom the version was last started and published.
    pub started: Option<(Timestamp, String)>,
    pub published: Option<(Timestamp, String)>,
    /// Whether the version has subscriptions, streams or object stores that need a broker while none is configured.
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
    /// The name of the uploaded file.
    pub file: String,
}

/// The configuration tab: one page of the declared variables and files, in manifest order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    pub entries: Vec<ConfigurationEntry>,
    /// Why the configuration cannot be changed now; `None` when it can.
    pub locked: Option<String>,
    /// The number of declared entries on all pages.
    pub total: u32,
    /// The number of entries without a value, on all pages.
    pub missing: u32,
    /// The number of entries before this page.
    pub from: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigurationEntry {
    pub name: String,
    pub kind: ConfigurationKind,
    pub is_set: bool,
    /// Only for callers who may read values; masked on the page until shown.
    pub value: Option<String>,
    /// The size in bytes of a readable value that is too long for the page; it can be downloaded as a file.
    pub too_long: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfigurationKind {
    Variable,
    File,
}

/// The data of an action's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPreview {
    pub runtime: RuntimeSummary,
    pub version: String,
    pub action: Action,
    pub why_not: Option<String>,
    /// For a publish: the version that is replaced.
    pub replaces: Option<String>,
    /// Makes a repeated submission of the same form return the result of the first.
    pub idempotency_key: String,
}

/// A request to take an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRequest {
    pub runtime: String,
    pub version: String,
    pub action: Action,
    /// 1 to [`REASON_LIMIT`] characters after trimming.
    pub reason: String,
    pub idempotency_key: String,
}

/// Maximum length of a reason in characters: a sentence or two, shown in full in the audit log.
pub const REASON_LIMIT: usize = 500;

/// Maximum length of a runtime's name in characters: fits on one line of the list.
pub const NAME_LIMIT: usize = 60;

/// Maximum length of a runtime's description in characters: a short paragraph.
pub const DESCRIPTION_LIMIT: usize = 500;

/// A request to create a runtime.
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

/// An event of the live stream: the data of one server-sent event, whose ID is the new position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LiveEvent {
    /// Versions of one runtime changed together and must be rendered together.
    Versions {
        runtime: String,
        published: Option<String>,
        versions: Vec<VersionLive>,
    },
    /// A version was added to or archived in this runtime: reload its list.
    VersionList {
        runtime: String,
    },
    /// A runtime was added: reload the list.
    RuntimeList,
    Cluster {
        cluster: ClusterState,
    },
    /// The position that the browser asked for is unknown, because the server restarted or the position is too old:
    /// reload everything.
    Resync,
}
