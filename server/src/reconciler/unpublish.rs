//! Phase: the published version is withdrawn (cluster): first the way from outside, then the name moves back.

use super::ReconcileError;
use super::pass::{Scene, Wait};
use super::present::{OwnService, present};
use super::public;
use crate::store::VersionRow;

pub(super) async fn unpublish(scene: &Scene<'_>, version: &VersionRow) -> Result<Wait, ReconcileError> {
    let Scene { store, cluster, runtime, .. } = scene;
    public::remove_ingress(scene).await?;
    // Its own Service is there before the public one goes.
    if !present(scene, version, OwnService::Wanted).await? {
        return Ok(None);
    }
    if let Some(active) = cluster.active(runtime).await? {
        public::remove_active(scene, &active).await?;
    }
    if cluster.active(runtime).await?.is_some() {
        return Ok(None);
    }
    if store.withdrawn(&version.uid).await? {
        tracing::info!(runtime = runtime.id, version = version.name, "withdrawn");
    }
    Ok(None)
}
