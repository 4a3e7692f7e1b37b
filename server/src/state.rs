//! What the store keeps, as plain values for the rest of the server, which are neither rows nor Kubernetes objects:
//! runtimes, versions and their configuration values, and the identity that their objects on the cluster carry.

use std::sync::Arc;

use app::model::{ConfigurationKind, Failure, PackageInfo, Timestamp};
use krt::lifecycle::{Desired, Recorded, Situation, Status, is_unpublishing, status_of};
use krt::manifest::Manifest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    pub id: String,
    pub name: String,
    pub description: String,
    pub namespace: String,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Uid and name of the published version, also while it is being unpublished.
    pub published: Option<String>,
    pub published_name: Option<String>,
    /// Uid and name of the version that `active-entrypoint` is being switched to.
    pub publishing: Option<String>,
    pub publishing_name: Option<String>,
}

/// The numbers of a runtime's versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuntimeCounts {
    pub archived: u32,
    /// Not archived.
    pub present: u32,
    /// Started, publishing or published.
    pub running: u32,
    /// Versions that need attention: the last start or publish failed, or the version runs with an unhealthy process.
    pub unhealthy: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub uid: String,
    /// ID of the version's runtime.
    pub runtime: String,
    pub name: String,
    pub desired: Desired,
    pub recorded: Recorded,
    /// Since when the version has its status, and who caused that.
    pub since: Timestamp,
    pub since_by: String,
    /// Until when a start or publish must be complete.
    pub deadline: Option<Timestamp>,
    pub failure: Option<Failure>,
    /// Declared variables and files without a value, in manifest order.
    pub missing_configuration: Vec<String>,
    pub manifest: Arc<Manifest>,
    pub package: PackageInfo,
    pub created_at: Timestamp,
    pub created_by: String,
}

impl Version {
    pub fn status(&self) -> Status {
        status_of(self.desired, self.recorded)
    }

    /// Whether the version is published and on its way back to started.
    pub fn unpublishing(&self) -> bool {
        is_unpublishing(self.desired, self.recorded)
    }

    /// Everything that decides which actions are possible; `runtime` is the version's runtime.
    pub fn situation(&self, runtime: &Runtime) -> Situation {
        let uid = Some(&self.uid);
        let takes_part = runtime.publishing.as_ref() == uid || runtime.published.as_ref() == uid;
        Situation {
            status: self.status(),
            unpublishing: self.unpublishing(),
            publishing: runtime.publishing_name.clone(),
            part_of_publish: runtime.publishing.is_some() && takes_part,
            missing_configuration: self.missing_configuration.clone(),
        }
    }
}

/// A set value of a declared variable or file.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigurationValue {
    pub name: String,
    pub kind: ConfigurationKind,
    pub value: String,
}

/// Omits the value: values are secrets, and must not reach a log through `{:?}`.
impl std::fmt::Debug for ConfigurationValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "ConfigurationValue({:?} {})", self.kind, self.name)
    }
}

/// Who this process is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleIdentity {
    /// Random ID of the store, 12 hex digits: the label that distinguishes our objects from another console's.
    pub instance: String,
    /// Identifies this process among those with the same instance: unchanged by a restart on the same data folder,
    /// different on a copy of it.
    pub process: String,
}
