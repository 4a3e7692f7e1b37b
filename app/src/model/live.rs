//! What changes while a page is open: the status and the health of versions, and the events of the live stream.

use krt::lifecycle::{Action, Situation, Status};
use serde::{Deserialize, Serialize};

use super::{ClusterState, Timestamp};

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
    /// A version in this status without processes, for tests to change.
    #[cfg(test)]
    pub(crate) fn in_status(status: Status) -> VersionLive {
        VersionLive {
            version: "v1".to_owned(),
            situation: Situation {
                status,
                unpublishing: false,
                publishing: None,
                part_of_publish: false,
                missing_configuration: Vec::new(),
            },
            since: Timestamp(0),
            since_by: "admin".to_owned(),
            all: 0,
            well: 0,
            nodes: Vec::new(),
            failure: None,
            last_rejection: None,
            address_inside: None,
            address_outside: None,
        }
    }

    pub fn status(&self) -> Status {
        self.situation.status
    }

    /// The numbers of healthy processes (entrypoint and nodes) and of all processes.
    pub fn ready(&self) -> (u32, u32) {
        (self.well, self.all)
    }

    /// Whether the version is started or published while one of its processes is unhealthy.
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

/// An event of the live stream: the data of one server-sent event, whose ID is the new position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
// Not tagged from within: then every type of an event would be read by two copies of its code, in the first load.
#[serde(rename_all = "kebab-case")]
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
