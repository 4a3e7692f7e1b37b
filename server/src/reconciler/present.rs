//! Phase: what a version consists of is in the cluster as it was built (cluster).

use krt::names;

use super::ReconcileError;
use super::pass::Scene;
use crate::cluster::objects::{self, Built, Kind, Plan};
use crate::cluster::{ClusterError, Owned};
use crate::store::VersionRow;

/// What is done about the version's own Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnService {
    /// There: the version is not public.
    Wanted,
    /// Not there: its name is `active-entrypoint` now.
    Unwanted,
    /// Another phase moves it.
    LeftAlone,
}

/// Brings everything of a version but what is public to what was built, and prunes what is no longer built. Writes
/// nothing when nothing differs. `false`: something is on its way out first; the bell rings when it is.
pub(super) async fn present(
    scene: &Scene<'_>,
    version: &VersionRow,
    own_service: OwnService,
) -> Result<bool, ReconcileError> {
    let Scene { cluster, runtime, .. } = scene;
    let Some(objects) = build(scene, version, own_service).await? else { return Ok(false) };
    let wrote = cluster.ensure(&objects).await?;
    if wrote {
        tracing::debug!(runtime = runtime.id, version = version.name, "applied what differed");
    }
    let root = names::root_config_map(&version.name);
    let own = names::service(&version.name);
    for found in cluster.found_of(&version.uid) {
        let is_built = objects.iter().any(|built| (built.kind, &built.name) == (found.kind, &found.name));
        let is_root = found.kind == Kind::ConfigMap && found.name == root;
        let is_moved = own_service == OwnService::LeftAlone && found.kind == Kind::Service && found.name == own;
        if !is_built && !is_root && !is_moved && !found.is_leaving {
            cluster.delete(&found, Owned::Later).await?;
        }
    }
    Ok(true)
}

/// The version's own Service, for the phases that move it; `None`: its root is not there.
pub(super) async fn own_service(scene: &Scene<'_>, version: &VersionRow) -> Result<Option<Built>, ReconcileError> {
    let Some(root) = scene.cluster.owner(scene.runtime, version) else { return Ok(None) };
    Ok(Some(planned(scene, version, |plan| objects::services::own(plan, &root)).await?))
}

/// `active-entrypoint`, leading to a version.
pub(super) async fn active(scene: &Scene<'_>, version: &VersionRow) -> Result<Built, ReconcileError> {
    planned(scene, version, objects::services::active).await
}

/// Everything that the root owns, once namespace and root are there.
async fn build(
    scene: &Scene<'_>,
    version: &VersionRow,
    own_service: OwnService,
) -> Result<Option<Vec<Built>>, ReconcileError> {
    let Scene { cluster, runtime, .. } = scene;
    namespace(scene).await?;
    let root = planned(scene, version, objects::root::root).await?;
    let found = cluster.find(Kind::ConfigMap, &root.namespace, &root.name);
    if found.is_some_and(|found| found.is_leaving) {
        return Ok(None);
    }
    cluster.ensure(&[root]).await?;
    let Some(root) = cluster.owner(runtime, version) else { return Ok(None) };
    let objects = planned(scene, version, |plan| {
        let mut all = objects::of_version(plan, &root);
        if own_service == OwnService::Wanted {
            all.push(objects::services::own(plan, &root));
        }
        all
    });
    Ok(Some(objects.await?))
}

/// The runtime's namespace is there, and it is ours.
pub(super) async fn namespace(scene: &Scene<'_>) -> Result<(), ReconcileError> {
    let Scene { cluster, runtime, .. } = scene;
    let built = objects::namespace::namespace(cluster.instance(), runtime);
    if cluster.is_current(&built) {
        return Ok(());
    }
    cluster.check_namespace(&runtime.namespace, &runtime.id).await?;
    cluster.ensure(&[built]).await?;
    match cluster.find(Kind::Namespace, "", &runtime.namespace) {
        Some(found) if !found.is_leaving => Ok(()),
        _ => Err(ClusterError::NotRead.into()),
    }
}

async fn planned<T>(
    scene: &Scene<'_>,
    version: &VersionRow,
    build: impl FnOnce(&Plan) -> T,
) -> Result<T, ReconcileError> {
    let values = scene.store.configuration_values(&version.uid).await?;
    let package_token = scene.store.package_token(&version.uid);
    Ok(build(&Plan {
        runtime: scene.runtime,
        version,
        values: &values,
        settings: scene.cluster.settings(),
        instance: scene.cluster.instance(),
        package_token: &package_token,
    }))
}
