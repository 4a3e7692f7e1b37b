//! Records whether the cluster can be reached, and says so when that changes.

use app::model::Timestamp;

use super::cache::ClusterCache;
use crate::changes::{Change, ChangeBus};

/// The name of all calls that are not watches, among the kinds that cannot be reached.
pub(super) const CALLS: &str = "calls";

/// Records that something cannot be read; logs and notifies when that is new.
pub(super) fn unreached(seen: &ClusterCache, changes: &ChangeBus, what: &str, why: String) {
    let now = Timestamp(jiff::Timestamp::now().as_millisecond());
    if seen.is_unreachable(what, now, why.clone()) {
        tracing::warn!(what, why, "the cluster cannot be reached");
        changes.notify(Change::Cluster);
    }
}

/// Records that something can be read; logs and notifies when the cluster as a whole can be read again.
pub(super) fn reached(seen: &ClusterCache, changes: &ChangeBus, what: &str) {
    if seen.is_reached(what) {
        tracing::info!(what, "the cluster can be reached again");
        changes.notify(Change::Cluster);
        changes.notify(Change::Everything);
    }
}
