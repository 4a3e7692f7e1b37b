//! Phase: deletes objects with our labels that belong to no running version (cluster): those of versions that the store
//! does not know (after restoring a backup), and public objects while nothing is published.

use krt::lifecycle::{Desired, Recorded};
use krt::names::ACTIVE_ENTRYPOINT;

use super::public;
use crate::cluster::Owned;
use crate::cluster::objects::ObjectKind;
use crate::reconcile::ReconcileError;
use crate::reconcile::context::Context;

pub(in crate::reconcile) async fn remove(context: &Context<'_>) -> Result<(), ReconcileError> {
    let Context { cluster, runtime, versions, .. } = context;
    for uid in cluster.versions_seen(runtime) {
        if versions.iter().any(|version| version.uid == uid) {
            continue;
        }
        for found in cluster.found_of(&uid).into_iter().filter(|found| !found.is_leaving) {
            tracing::info!(runtime = runtime.id, kind = found.kind.name(), name = found.name, "pruned an object");
            cluster.delete(&found, Owned::Later).await?;
        }
    }
    let is_public =
        versions.iter().any(|version| version.desired == Desired::Published || version.recorded == Recorded::Published);
    if !is_public {
        public::remove_ingress(context).await?;
        if let Some(active) = cluster.find(ObjectKind::Service, &runtime.namespace, ACTIVE_ENTRYPOINT)
            && !active.is_leaving
        {
            cluster.delete(&active, Owned::Later).await?;
        }
    }
    Ok(())
}
