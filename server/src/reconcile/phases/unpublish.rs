//! Phase: unpublishes a version (cluster): first the Ingress goes, then the public name.

use super::present::{OwnService, present};
use super::public;
use crate::reconcile::ReconcileError;
use crate::reconcile::context::{Context, Wait};
use crate::state::Version;

pub(in crate::reconcile) async fn unpublish(context: &Context<'_>, version: &Version) -> Result<Wait, ReconcileError> {
    let Context { store, cluster, runtime, .. } = context;
    public::remove_ingress(context).await?;
    // Its own Service exists before the public one goes.
    if !present(context, version, OwnService::Wanted).await? {
        return Ok(None);
    }
    if let Some(active) = cluster.active(runtime).await? {
        public::remove_active(context, &active).await?;
    }
    if cluster.active(runtime).await?.is_some() {
        return Ok(None);
    }
    if store.unpublished(&version.uid).await? {
        tracing::info!(runtime = runtime.id, version = version.name, "unpublished");
    }
    Ok(None)
}
