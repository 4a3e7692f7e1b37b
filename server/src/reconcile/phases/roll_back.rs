//! Phase: rolls back a failed publish (cluster): the public name selects the version it selected before, or is deleted
//! if none was published.

use krt::names::{self, ACTIVE_ENTRYPOINT};

use super::present;
use super::public;
use crate::cluster::objects::ObjectKind;
use crate::cluster::{ClusterError, Owned};
use crate::reconcile::ReconcileError;
use crate::reconcile::context::Context;
use crate::state::Version;

/// `true`: everything is as it was before the publish. `false`: not yet; a notification triggers the next pass.
pub(in crate::reconcile) async fn roll_back(
    context: &Context<'_>,
    new: &Version,
    old: Option<&Version>,
) -> Result<bool, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    // The new version gets its own name back before it loses the public one.
    if let Some(own) = present::own_service(context, new).await? {
        cluster.ensure(&[own]).await?;
    }
    let active = match cluster.active(runtime).await {
        // Not ours, so it was never switched: nothing to roll back.
        Err(ClusterError::Foreign { .. }) => {
            if old.is_none() {
                public::remove_ingress(context).await?;
            }
            return Ok(true);
        }
        active => active?,
    };
    let Some(old) = old else {
        public::remove_ingress(context).await?;
        if let Some(active) = active {
            public::remove_active(context, &active).await?;
        }
        return Ok(true);
    };
    if !public::leads_to(active.as_ref(), old) {
        let back = present::active(context, old).await?;
        match active.as_ref().and_then(|active| active.resource_version.as_deref()) {
            Some(resource_version) => {
                cluster.apply(&back, Some(resource_version)).await?;
            }
            None => {
                cluster.ensure(&[back]).await?;
            }
        }
    }
    if cluster.endpoints_now(runtime, ACTIVE_ENTRYPOINT, new).await?.own > 0 {
        return Ok(false);
    }
    // `active-entrypoint` takes the place of the old version's own name again.
    if let Some(own) = cluster.find(ObjectKind::Service, &runtime.namespace, &names::service(&old.name))
        && !own.is_leaving
    {
        cluster.delete(&own, Owned::Later).await?;
    }
    Ok(true)
}
