//! The audit log: who did what, when and why.

use krt::lifecycle::Status;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Which audit entries to show; the URL's query uses the same names.
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
    /// Only entries older than this ID, for the next page.
    #[serde(default)]
    pub before: Option<i64>,
}

/// One page of the audit log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    pub entries: Vec<ActivityEntry>,
    /// The value of [`ActivityFilter::before`] for the next page.
    pub next: Option<i64>,
    /// The options of the filter.
    pub people: Vec<String>,
    pub kinds: Vec<String>,
    pub runtimes: Vec<String>,
    /// Whether only the caller's own entries are shown.
    pub own_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityEntry {
    pub id: i64,
    pub at: Timestamp,
    /// A user's name, or `system`.
    pub who: String,
    pub kind: String,
    pub runtime: Option<String>,
    pub version: Option<String>,
    pub from: Option<Status>,
    pub to: Option<Status>,
    pub reason: String,
    /// For entries of the system: the ID of the entry that caused this one.
    pub cause: Option<i64>,
}
