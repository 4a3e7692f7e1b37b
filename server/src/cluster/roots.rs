//! The root ConfigMaps of versions, and what else was observed of versions and runtimes.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use krt::names;

use super::kinds::ObjectKind;
use super::{Cluster, objects};
use crate::state::{Runtime, Version};

impl Cluster {
    /// The owner reference to a version's root; `None`: the root does not exist, or is being deleted.
    pub(crate) fn owner(&self, runtime: &Runtime, version: &Version) -> Option<OwnerReference> {
        let root = self.0.seen.stores.config_maps.get(&runtime.namespace, &names::root_config_map(&version.name))?;
        let is_leaving = root.metadata.deletion_timestamp.is_some();
        objects::owner(&root).filter(|_| !is_leaving)
    }

    /// Uids of a runtime's versions that have an object in the cluster.
    pub(crate) fn versions_seen(&self, runtime: &Runtime) -> BTreeSet<String> {
        let versions = |kind| self.0.seen.stores.of(kind).versions_of(&runtime.id);
        ObjectKind::of_version().flat_map(versions).collect()
    }

    /// Whether no object of ours was observed in a runtime's namespace.
    pub(crate) fn is_bare(&self, runtime: &Runtime) -> bool {
        let seen = &self.0.seen;
        let public = names::ACTIVE_ENTRYPOINT;
        self.versions_seen(runtime).is_empty()
            && seen.stores.services.get(&runtime.namespace, public).is_none()
            && seen.stores.ingresses.get(&runtime.namespace, public).is_none()
    }

    /// Whether the watches have listed everything in a runtime's namespace.
    pub(crate) fn is_read(&self, runtime: &Runtime) -> bool {
        self.0.seen.is_read(&runtime.namespace)
    }

    /// Sets the namespaces to watch one by one where watching all namespaces is forbidden: those of these runtimes.
    pub(crate) fn look_into(&self, runtimes: &[Runtime]) {
        let pair = |runtime: &Runtime| (runtime.namespace.clone(), runtime.id.clone());
        let namespaces: BTreeMap<_, _> = runtimes.iter().map(pair).collect();
        self.0.namespaces.send_if_modified(|known| {
            let is_news = *known != namespaces;
            *known = namespaces;
            is_news
        });
    }

    /// Whether the cluster still has a pod or endpoint of a version, as last observed.
    pub(crate) fn has_traces(&self, version_uid: &str) -> bool {
        self.0.seen.stores.derived().any(|store| store.has_version(version_uid))
    }
}
