//! The data that every page needs: the caller and the state of the cluster.

use krt::roles::Role;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// The data that every page needs: the caller, the state of the cluster, and the position in the live stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub caller: Caller,
    pub cluster: ClusterState,
    /// `<boot>-<number>`: the position in the live stream at which the page was rendered.
    pub position: String,
}

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

/// Runtimes that are managed by another process of the same console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The holder in the Lease: `<host>_<hash>`.
    pub holder: String,
    pub since: Timestamp,
    /// Their IDs; at least one.
    pub runtimes: Vec<String>,
}
