//! The page of a version.

use krt::outline::WorkflowOutline;
use serde::{Deserialize, Serialize};

use super::{RuntimeSummary, Timestamp, VersionSummary};

/// The page of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionDetail {
    pub runtime: RuntimeSummary,
    pub version: VersionSummary,
    /// The workflows to draw; empty when they are too large for a page, which then shows a list.
    pub workflows: Vec<WorkflowOutline>,
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
