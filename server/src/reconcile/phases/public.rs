//! The public objects of a runtime: `active-entrypoint` and the Ingress (cluster).

use krt::names;

use crate::cluster::objects::{self, ObjectKind};
use crate::cluster::{Active, ObservedObject, Owned, labels};
use crate::reconcile::ReconcileError;
use crate::reconcile::context::Context;
use crate::state::Version;

/// Whether `active-entrypoint` selects this version's entrypoint.
pub(in crate::reconcile) fn leads_to(active: Option<&Active>, version: &Version) -> bool {
    active.is_some_and(|active| active.selector == labels::entrypoint_selector(&version.name))
}

/// Ensures that the Ingress exists as it was built.
pub(in crate::reconcile) async fn ensure_ingress(context: &Context<'_>) -> Result<(), ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    let ingress = objects::public::ingress(runtime, &cluster.settings().ingress, cluster.instance());
    cluster.ensure(&[ingress]).await?;
    Ok(())
}

/// Deletes the Ingress if it exists.
pub(in crate::reconcile) async fn remove_ingress(context: &Context<'_>) -> Result<(), ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    if let Some(found) = cluster.find(ObjectKind::Ingress, &runtime.namespace, names::ACTIVE_ENTRYPOINT)
        && !found.is_leaving
    {
        cluster.delete(&found, Owned::Later).await?;
    }
    Ok(())
}

/// Deletes `active-entrypoint` if it is still the object that was read.
pub(in crate::reconcile) async fn remove_active(context: &Context<'_>, active: &Active) -> Result<(), ReconcileError> {
    let found = ObservedObject {
        kind: ObjectKind::Service,
        namespace: context.runtime.namespace.clone(),
        name: names::ACTIVE_ENTRYPOINT.to_owned(),
        uid: active.uid.clone(),
        resource_version: None,
        is_leaving: false,
    };
    context.cluster.delete(&found, Owned::Later).await?;
    Ok(())
}
