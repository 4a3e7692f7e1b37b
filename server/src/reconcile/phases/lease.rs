//! Phase: whether this process may act on the runtime (cluster). Two processes with one instance ID (a restored copy of
//! the data folder) would undo each other's work; the Lease in the runtime's namespace allows only one to act.

use std::time::Duration;

use krt::lifecycle::Desired;

use super::present;
use crate::cluster::objects::ObjectKind;
use crate::cluster::{ClusterError, LeaseHolder};
use crate::reconcile::context::Context;

/// Margin after the expiry of another holder's Lease, so that the Lease has surely expired at the next check.
const AFTERWARDS: Duration = Duration::from_millis(50);

/// What a pass may do.
pub(in crate::reconcile) enum May {
    Act,
    /// Unknown: nothing is written, but deadlines still count, even while the cluster is unreachable.
    Look(ClusterError),
    /// Another process acts; check again after this time.
    Wait(Duration),
}

pub(in crate::reconcile) async fn hold_lease(context: &Context<'_>) -> May {
    let Context { cluster, runtime, versions, .. } = context;
    let is_read = cluster.is_read(runtime);
    // Nothing to reconcile, or not known yet; in both cases nothing will be written.
    if versions.is_empty() && (!is_read || cluster.is_bare(runtime)) {
        cluster.release(runtime).await;
        return May::Act;
    }
    // The Lease is in the namespace. A stop does not need to create the namespace.
    let is_wanted = versions.iter().any(|version| version.desired != Desired::Stopped);
    if is_wanted && is_read && present::namespace(context).await.is_err() {
        // The phases meet the same error and report it; without a Lease they write nothing.
        return May::Act;
    }
    if cluster.find(ObjectKind::Namespace, "", &runtime.namespace).is_some()
        && let Err(error) = cluster.bind_role(runtime).await
    {
        return May::Look(error);
    }
    match cluster.hold_lease(runtime).await {
        Ok(LeaseHolder::Ours | LeaseHolder::Nobody) => May::Act,
        Ok(LeaseHolder::Elsewhere(left)) => May::Wait(left + AFTERWARDS),
        Err(error) => May::Look(error),
    }
}
