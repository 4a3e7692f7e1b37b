//! Runtimes: their list, the page of one with its versions, and the form that creates one.

use serde::{Deserialize, Serialize};

use super::{RuntimeSummary, VersionSummary};

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
    /// List only versions that need attention, whatever their names; none of them is archived.
    #[serde(default)]
    pub unhealthy: bool,
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
