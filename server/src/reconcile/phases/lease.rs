//! Phase: whether this process may act on the runtime (cluster). Two processes with one instance ID (a restored copy of
//! the data folder) would undo each other's work; the Lease in the runtime's namespace lets one act.

use std::time::Duration;

use super::present;
use crate::cluster::objects::ObjectKind;
use crate::cluster::{ClusterError, LeaseHolder};
use crate::reconcile::context::Context;
use crate::store::Desired;

/// After the end of a silent holder's Lease: whoever waits looks a little later, so that the record is surely old.
const AFTERWARDS: Duration = Duration::from_millis(50);

/// What a pass may do.
pub(in crate::reconcile) enum May {
    Act,
    /// It cannot be told. Time goes on, also while the cluster is away: what is late is given up. Nothing is written.
    Look(ClusterError),
    /// Another process acts; look again then.
    Wait(Duration),
}

pub(in crate::reconcile) async fn hold_lease(context: &Context<'_>) -> May {
    let Context { cluster, runtime, versions, .. } = context;
    let is_read = cluster.is_read(runtime);
    // Nothing to look after, or not known yet: then nothing is done either.
    if versions.is_empty() && (!is_read || cluster.is_bare(runtime)) {
        cluster.release(runtime).await;
        return May::Act;
    }
    // The Lease lies in the namespace. A stop needs none.
    let is_wanted = versions.iter().any(|version| version.desired != Desired::Stopped);
    if is_wanted && is_read && present::namespace(context).await.is_err() {
        // The phases find the same, and say it; without a Lease they write nothing.
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
