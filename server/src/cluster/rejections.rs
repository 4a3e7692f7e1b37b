//! The cluster's last rejection for each version, which keeps the version from its desired state.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Cluster, ClusterError};
use crate::changes::Change;
use crate::state::{Runtime, Version};

/// By version uid.
pub(super) type LastRejections = Mutex<HashMap<String, String>>;

impl Cluster {
    /// Why the cluster rejected the last attempt to reach a version's desired state; `None`: it did not.
    pub fn last_rejection(&self, version: &Version) -> Option<String> {
        self.0.rejections.lock().unwrap_or_else(PoisonError::into_inner).get(&version.uid).cloned()
    }

    /// Records how an attempt ended. Transient errors (no response, an object that changed meanwhile) do not count as
    /// rejections.
    pub(crate) fn note_attempt(&self, runtime: &Runtime, version: &Version, error: Option<&ClusterError>) {
        let words = error.filter(|error| error.is_rejection()).map(ToString::to_string);
        let is_news = {
            let mut all = self.0.rejections.lock().unwrap_or_else(PoisonError::into_inner);
            let was = match words.clone() {
                Some(words) => all.insert(version.uid.clone(), words),
                None => all.remove(&version.uid),
            };
            // A changed message shows on the next load of the page; only its appearance and its end are notified.
            was.is_some() != words.is_some()
        };
        if is_news {
            self.0.changes.notify(Change::Runtime(runtime.id.clone()));
        }
    }
}
