//! What this process may do on the cluster: checked by SelfSubjectAccessReview at startup and whenever the cluster
//! comes back, so that a missing permission is reported with its consequence before an action fails.
//!
//! The permissions are those granted by `server/deploy`.

mod ask;
mod check;
mod table;
mod version;

use std::sync::{Mutex, OnceLock, PoisonError};

pub(super) use ask::{may, who};
pub(super) use check::keep;
pub(super) use table::{MAKE_NAMESPACE, WRITE_IN_NAMESPACE};
pub(super) use version::Version;

/// The results of the last check.
#[derive(Debug, Default)]
pub(super) struct PermissionNotes {
    /// Sentences for admins: the missing permissions with their consequences.
    notes: Mutex<Vec<String>>,
    version: OnceLock<Version>,
}

impl PermissionNotes {
    pub(super) fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The API server's version; `None`: not known yet.
    pub(super) fn version(&self) -> Option<Version> {
        self.version.get().copied()
    }

    /// Stores the notes; returns whether they changed.
    fn note(&self, notes: Vec<String>) -> bool {
        let mut known = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = *known != notes;
        *known = notes;
        is_news
    }
}

#[cfg(test)]
mod tests;
