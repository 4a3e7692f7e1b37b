//! Actions on a version: the data of their forms, and the requests to take them.

use krt::lifecycle::Action;
use serde::{Deserialize, Serialize};

use super::RuntimeSummary;

/// The data of an action's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPreview {
    pub runtime: RuntimeSummary,
    pub version: String,
    pub action: Action,
    pub why_not: Option<String>,
    /// For a publish: the version that is replaced.
    pub replaces: Option<String>,
    /// Makes a repeated submission of the same form return the result of the first.
    pub idempotency_key: String,
}

/// A request to take an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRequest {
    pub runtime: String,
    pub version: String,
    pub action: Action,
    /// 1 to [`REASON_LIMIT`] characters after trimming.
    pub reason: String,
    pub idempotency_key: String,
}

/// Maximum length of a reason in characters: a sentence or two, shown in full in the audit log.
pub const REASON_LIMIT: usize = 500;
