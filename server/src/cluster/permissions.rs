//! What this process may do on the cluster: asked by SelfSubjectAccessReview at the start and whenever the cluster comes
//! back, so that what is missing is said with its consequence before somebody runs into it.
//!
//! The rights are those of `server/deploy`.

mod ask;
mod check;
mod table;
mod version;

use std::sync::{Mutex, OnceLock, PoisonError};

pub(super) use ask::{may, who};
pub(super) use check::keep;
pub(super) use table::{MAKE_NAMESPACE, WRITE_IN_NAMESPACE};
pub(super) use version::Version;

/// The role that the console binds to itself in the namespaces that it makes.
pub const RUNTIME_ROLE: &str = "krt-console-runtime";

/// What was found at the last check.
#[derive(Debug, Default)]
pub(super) struct PermissionNotes {
    /// Sentences for admins: what is missing, and what will not work.
    notes: Mutex<Vec<String>>,
    version: OnceLock<Version>,
}

impl PermissionNotes {
    pub(super) fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The API server's version; `None`: it has not been asked yet.
    pub(super) fn version(&self) -> Option<Version> {
        self.version.get().copied()
    }

    /// `true`: these are news.
    fn note(&self, notes: Vec<String>) -> bool {
        let mut known = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = *known != notes;
        *known = notes;
        is_news
    }
}
