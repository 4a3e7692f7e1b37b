//! The data of the pages: serialized by the server, deserialized by the browser.

use serde::{Deserialize, Serialize};

mod frame;
pub use frame::{Caller, ClusterKind, ClusterState, Elsewhere, Frame, Unreachable};

mod live;
pub use live::{Failure, Health, LiveEvent, MOST_NODES, NodeLive, VersionLive};

mod summaries;
pub use summaries::{RuntimeSummary, VersionSummary};

mod runtimes;
pub use runtimes::{DESCRIPTION_LIMIT, NAME_LIMIT, NewRuntime, RuntimeDetail, RuntimeList, VersionFilter};

mod versions;
pub use versions::{PackageInfo, VersionDetail};

mod configuration;
pub use configuration::{Configuration, ConfigurationEntry, ConfigurationKind};

mod actions;
pub use actions::{ActionPreview, ActionRequest, REASON_LIMIT};

mod activity;
pub use activity::{ActivityEntry, ActivityFilter, ActivityPage};

#[cfg(feature = "ssr")]
mod tabs;
#[cfg(feature = "ssr")]
pub use tabs::{
    ClusterObject, LogsPage, ManifestText, MembersPage, NodeLog, NodesPage, ObjectsPage, PackageMember, WorkflowPicture,
};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);
