//! What keeps the cluster from doing what is wished of a version, for its page: the cluster's last refusal.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Cluster, ClusterError};
use crate::changes::Change;
use crate::store::{RuntimeRow, VersionRow};

/// By version uid.
pub(super) type LastRejections = Mutex<HashMap<String, String>>;

impl Cluster {
    /// Why the last attempt to bring a version to what is wished was refused; `None`: nothing was.
    pub fn last_rejection(&self, version: &VersionRow) -> Option<String> {
        self.0.rejections.lock().unwrap_or_else(PoisonError::into_inner).get(&version.uid).cloned()
    }

    /// Notes how an attempt ended. What passes by itself (no answer, an object that was changed meanwhile) is no
    /// obstacle.
    pub(crate) fn note_attempt(&self, runtime: &RuntimeRow, version: &VersionRow, error: Option<&ClusterError>) {
        let words = error.filter(|error| error.is_obstacle()).map(ToString::to_string);
        let is_news = {
            let mut all = self.0.rejections.lock().unwrap_or_else(PoisonError::into_inner);
            let was = match words.clone() {
                Some(words) => all.insert(version.uid.clone(), words),
                None => all.remove(&version.uid),
            };
            // Who looks again sees other words; the bell rings only where there were none, or are none any more.
            was.is_some() != words.is_some()
        };
        if is_news {
            self.0.changes.notify(Change::Runtime(runtime.id.clone()));
        }
    }
}
