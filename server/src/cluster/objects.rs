//! The Kubernetes objects of a version: pure functions from what is in the store. Manifests were checked at the upload,
//! so building objects cannot fail.
//!
//! What belongs to a version is owned by its root ConfigMap ([`root`]), so that deleting the root removes everything;
//! `active-entrypoint`, the Ingress and the Namespace belong to the runtime ([`public`], [`namespace`]).

mod built;
pub use super::kinds::ObjectKind;
pub use built::Built;

pub mod namespace;
pub mod root;

mod configuration;
mod stores;
pub use stores::SECRET_VARIABLES;
mod subjects;

mod environment;
mod pod;
pub use pod::package_path;
mod volumes;

mod entrypoint;
mod node;

pub mod public;
pub mod services;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};

use super::ClusterSettings;
use super::labels::{self, About};
use crate::state::{ConfigurationValue, Runtime, Version};

/// Everything that determines the objects of a version.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    pub runtime: &'a Runtime,
    pub version: &'a Version,
    pub values: &'a [ConfigurationValue],
    pub settings: &'a ClusterSettings,
    /// ID of this console's store.
    pub instance: &'a str,
    /// The token with which only this version's pods can fetch their package.
    pub package_token: &'a str,
}

/// Every object of a version but its root and its own Service (which depends on where the public name points), in the
/// order of writing: what pods mount before the Deployments.
pub fn of_version(plan: &Plan, root: &OwnerReference) -> Vec<Built> {
    let mut all = vec![
        Built::new(configuration::variables(plan, root)),
        Built::new(configuration::files(plan, root)),
        Built::new(stores::secret(plan, root)),
        Built::new(subjects::config_map(plan, root)),
        Built::new(entrypoint::deployment(plan, root)),
    ];
    for workflow in &plan.version.manifest.workflows {
        for node in &workflow.nodes {
            all.push(Built::new(node::deployment(plan, root, workflow, node)));
        }
    }
    all
}

/// The metadata of an object of a version: name, namespace, labels and owner.
fn metadata(plan: &Plan, name: String, about: About, root: Option<&OwnerReference>) -> ObjectMeta {
    let Plan { runtime, version, .. } = plan;
    ObjectMeta {
        name: Some(name),
        namespace: Some(runtime.namespace.clone()),
        labels: Some(labels::of_version(plan.instance, &runtime.id, &version.uid, &version.name, about)),
        owner_references: root.map(|root| vec![root.clone()]),
        ..ObjectMeta::default()
    }
}

/// The reference that makes the root ConfigMap the owner of an object; `None` while the root has no uid.
pub fn owner(root: &ConfigMap) -> Option<OwnerReference> {
    Some(OwnerReference {
        api_version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        name: root.metadata.name.clone()?,
        uid: root.metadata.uid.clone()?,
        controller: None,
        // A root deleted in the foreground stays until everything that it owns is gone.
        block_owner_deletion: Some(true),
    })
}

#[cfg(test)]
pub(crate) mod fixtures;

#[cfg(test)]
mod tests;
