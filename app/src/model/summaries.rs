//! A runtime and a version in a few words, as their lists and pages show them.

use krt::manifest::Format;
use serde::{Deserialize, Serialize};

use super::{Timestamp, VersionLive};

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
