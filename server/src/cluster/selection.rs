//! What a watch covers, in all namespaces or in one, and which parts of the objects are kept.

use std::any::Any;

use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope};
use kube::api::ListParams;
use kube::runtime::watcher;
use kube::{Api, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::secrets;

/// A kind that can be watched.
pub(super) trait Followed:
    Resource<DynamicType = (), Scope: Narrow<Self>>
    + Clone
    + std::fmt::Debug
    + DeserializeOwned
    + Serialize
    + Send
    + Sync
    + 'static
{
}

impl<K> Followed for K where
    K: Resource<DynamicType = (), Scope: Narrow<K>>
        + Clone
        + std::fmt::Debug
        + DeserializeOwned
        + Serialize
        + Send
        + Sync
        + 'static
{
}

/// How to watch a kind in one namespace, where watching all namespaces is forbidden.
pub(super) trait Narrow<K> {
    fn api(client: kube::Client, namespace: &str) -> Api<K>;
    fn narrowed(selection: &Selection, namespace: &str) -> watcher::Config;
}

/// Watches the objects in the namespace.
impl<K: Resource<DynamicType = (), Scope = NamespaceResourceScope>> Narrow<K> for NamespaceResourceScope {
    fn api(client: kube::Client, namespace: &str) -> Api<K> {
        Api::namespaced(client, namespace)
    }

    fn narrowed(selection: &Selection, _: &str) -> watcher::Config {
        selection.watched()
    }
}

/// Watches the Namespace of that name, which a role can allow by its `resourceNames`.
impl<K: Resource<DynamicType = (), Scope = ClusterResourceScope>> Narrow<K> for ClusterResourceScope {
    fn api(client: kube::Client, _: &str) -> Api<K> {
        Api::all(client)
    }

    fn narrowed(selection: &Selection, namespace: &str) -> watcher::Config {
        selection.watched().fields(&format!("metadata.name={namespace}"))
    }
}

/// The label and field selectors of a watch.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) labels: Option<String>,
    pub(super) fields: Option<String>,
}

impl Selection {
    pub(super) fn watched(&self) -> watcher::Config {
        let config = watcher::Config::default();
        let config = self.labels.iter().fold(config, |config, labels| config.labels(labels));
        self.fields.iter().fold(config, |config, fields| config.fields(fields))
    }

    pub(super) fn listed(&self) -> ListParams {
        let parameters = ListParams::default();
        let parameters = self.labels.iter().fold(parameters, |parameters, labels| parameters.labels(labels));
        self.fields.iter().fold(parameters, |parameters, fields| parameters.fields(fields))
    }
}

/// Drops the parts of an object that nothing reads. The values of Secrets are not kept in memory, only their hashes,
/// which show when they change.
pub(super) fn lighten<K: Followed>(object: &mut K) {
    object.meta_mut().managed_fields = None;
    if let Some(secret) = (object as &mut dyn Any).downcast_mut::<Secret>() {
        secrets::seal(secret);
    }
}
