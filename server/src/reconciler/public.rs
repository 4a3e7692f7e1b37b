//! What a runtime shows to the outside: `active-entrypoint` and the Ingress (cluster).

use krt::names;

use super::ReconcileError;
use super::pass::Scene;
use crate::cluster::objects::{self, Kind};
use crate::cluster::{Active, Found, Owned};

/// The Ingress is there as it was built.
pub(super) async fn ensure_ingress(scene: &Scene<'_>) -> Result<(), ReconcileError> {
    let Scene { cluster, runtime, .. } = scene;
    let ingress = objects::public::ingress(runtime, &cluster.settings().ingress, cluster.instance());
    cluster.ensure(&[ingress]).await?;
    Ok(())
}

/// The Ingress is not there; deletes it when it is.
pub(super) async fn remove_ingress(scene: &Scene<'_>) -> Result<(), ReconcileError> {
    let Scene { cluster, runtime, .. } = scene;
    if let Some(found) = cluster.find(Kind::Ingress, &runtime.namespace, names::ACTIVE_ENTRYPOINT)
        && !found.is_leaving
    {
        cluster.delete(&found, Owned::Later).await?;
    }
    Ok(())
}

/// Deletes `active-entrypoint` if it is still the one that was read.
pub(super) async fn remove_active(scene: &Scene<'_>, active: &Active) -> Result<(), ReconcileError> {
    let found = Found {
        kind: Kind::Service,
        namespace: scene.runtime.namespace.clone(),
        name: names::ACTIVE_ENTRYPOINT.to_owned(),
        uid: active.uid.clone(),
        resource_version: None,
        is_leaving: false,
    };
    scene.cluster.delete(&found, Owned::Later).await?;
    Ok(())
}
