//! Phase: the objects of a version exist in the cluster as they were built (cluster).

use krt::names;

use crate::cluster::objects::{self, Built, ObjectKind, Plan};
use crate::cluster::{ClusterError, Owned};
use crate::reconcile::ReconcileError;
use crate::reconcile::context::Context;
use crate::state::Version;

/// What to do about the version's own Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reconcile) enum OwnService {
    /// Exists: the version is not public.
    Wanted,
    /// Does not exist: `active-entrypoint` takes its place.
    Unwanted,
    /// Another phase creates or deletes it.
    LeftAlone,
}

/// Applies all objects of a version but the public ones, and prunes those that are no longer built. Writes nothing when
/// nothing differs. `false`: an old root must be gone first; a notification follows its deletion.
pub(in crate::reconcile) async fn present(
    context: &Context<'_>,
    version: &Version,
    own_service: OwnService,
) -> Result<bool, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    let Some(objects) = build(context, version, own_service).await? else { return Ok(false) };
    let wrote = cluster.ensure(&objects).await?;
    if wrote {
        tracing::debug!(runtime = runtime.id, version = version.name, "applied changed objects");
    }
    let root = names::root_config_map(&version.name);
    let own = names::service(&version.name);
    for found in cluster.found_of(&version.uid) {
        let is_built = objects.iter().any(|built| (built.kind, &built.name) == (found.kind, &found.name));
        let is_root = found.kind == ObjectKind::ConfigMap && found.name == root;
        let is_moved = own_service == OwnService::LeftAlone && found.kind == ObjectKind::Service && found.name == own;
        if !is_built && !is_root && !is_moved && !found.is_leaving {
            cluster.delete(&found, Owned::Later).await?;
        }
    }
    Ok(true)
}

/// The version's own Service, for the phases that create it; `None`: its root does not exist.
pub(in crate::reconcile) async fn own_service(
    context: &Context<'_>,
    version: &Version,
) -> Result<Option<Built>, ReconcileError> {
    let Some(root) = context.cluster.owner(context.runtime, version) else { return Ok(None) };
    Ok(Some(planned(context, version, |plan| objects::services::own(plan, &root)).await?))
}

/// `active-entrypoint`, selecting a version.
pub(in crate::reconcile) async fn active(context: &Context<'_>, version: &Version) -> Result<Built, ReconcileError> {
    planned(context, version, objects::services::active).await
}

/// Ensures namespace and root, then builds everything that the root owns; `None`: the root is not available yet.
async fn build(
    context: &Context<'_>,
    version: &Version,
    own_service: OwnService,
) -> Result<Option<Vec<Built>>, ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    namespace(context).await?;
    let root = planned(context, version, objects::root::root).await?;
    let found = cluster.find(ObjectKind::ConfigMap, &root.namespace, &root.name);
    if found.is_some_and(|found| found.is_leaving) {
        return Ok(None);
    }
    cluster.ensure(&[root]).await?;
    let Some(root) = cluster.owner(runtime, version) else { return Ok(None) };
    let objects = planned(context, version, |plan| {
        let mut all = objects::of_version(plan, &root);
        if own_service == OwnService::Wanted {
            all.push(objects::services::own(plan, &root));
        }
        all
    });
    Ok(Some(objects.await?))
}

/// Ensures that the runtime's namespace exists and is ours.
pub(in crate::reconcile) async fn namespace(context: &Context<'_>) -> Result<(), ReconcileError> {
    let Context { cluster, runtime, .. } = context;
    let built = objects::namespace::namespace(cluster.instance(), runtime);
    if cluster.is_current(&built) {
        return Ok(());
    }
    cluster.check_namespace(&runtime.namespace, &runtime.id).await?;
    cluster.ensure(&[built]).await?;
    match cluster.find(ObjectKind::Namespace, "", &runtime.namespace) {
        Some(found) if !found.is_leaving => Ok(()),
        _ => Err(ClusterError::NotRead.into()),
    }
}

async fn planned<T>(
    context: &Context<'_>,
    version: &Version,
    build: impl FnOnce(&Plan) -> T,
) -> Result<T, ReconcileError> {
    let values = context.store.configuration_values(&version.uid).await?;
    let package_token = context.store.package_token(&version.uid);
    Ok(build(&Plan {
        runtime: context.runtime,
        version,
        values: &values,
        settings: context.cluster.settings(),
        instance: context.cluster.instance(),
        package_token: &package_token,
    }))
}
