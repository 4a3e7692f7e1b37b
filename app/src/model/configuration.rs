//! The configuration of a version.

use serde::{Deserialize, Serialize};

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
