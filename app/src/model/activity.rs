//! The audit: who did what, when and why.

use krt::lifecycle::Status;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// What to show of the audit; all of it also in the URL's query under these names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityFilter {
    #[serde(default)]
    pub person: Option<String>,
    /// `create-runtime`, an action's name, `configure`, `sign-in`, or a system event: `ready`, `failure`, …
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub runtime: Option<String>,
    #[serde(default)]
    pub version: Option<String>,
    /// Entries older than this ID: the next page.
    #[serde(default)]
    pub before: Option<i64>,
}

/// One page of the audit, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    pub entries: Vec<ActivityEntry>,
    /// Give it as [`ActivityFilter::before`] to read on.
    pub next: Option<i64>,
    /// What the filter may be set to.
    pub people: Vec<String>,
    pub kinds: Vec<String>,
    pub runtimes: Vec<String>,
    /// Only the caller's own entries are shown.
    pub own_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityEntry {
    pub id: i64,
    pub at: Timestamp,
    /// A person's name, or `system`.
    pub who: String,
    pub kind: String,
    pub runtime: Option<String>,
    pub version: Option<String>,
    pub from: Option<Status>,
    pub to: Option<Status>,
    pub reason: String,
    /// For the system's own entries: the entry that caused them.
    pub cause: Option<i64>,
}
