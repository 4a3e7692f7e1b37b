//! Whether the cluster accepts the names derived from a manifest, where clusters differ.
//!
//! A version's name becomes the name of a Service. Before Kubernetes 1.36 that has to begin with a letter (RFC 1035);
//! the documentation allows names that begin with a digit. A dry run on the cluster decides; a cluster without the
//! namespace is judged by its Kubernetes version.

use k8s_openapi::api::core::v1::Service;
use kube::Api;
use kube::api::PostParams;

use super::Cluster;
use super::objects::services;
use super::permissions::Version;
use crate::state::Runtime;

/// The first Kubernetes version that accepts Services whose names begin with a digit.
const RELAXED: Version = Version(1, 36);

impl Cluster {
    /// Why a version cannot have this name, as a sentence; `None`: it can, or the cluster did not respond.
    pub async fn refuses_name(&self, runtime: &Runtime, version: &str) -> Option<String> {
        // Every cluster accepts all other names that pass the manifest check.
        if !version.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let known = self.0.permissions.version();
        let is_old = known.is_some_and(|known| known < RELAXED);
        let has_namespace = self.0.seen.stores.namespaces.get("", &runtime.namespace).is_some();
        let is_refused = if has_namespace { self.dry_run(runtime, version).await.unwrap_or(is_old) } else { is_old };
        is_refused.then(|| {
            let which = known.map(|known| format!(" (Kubernetes {known})")).unwrap_or_default();
            format!(
                "Version {version} cannot run on this cluster{which}: its Service has the version's name, and the name \
                 of a Service must begin with a letter. Rename the version, for example to v{version}."
            )
        })
    }

    /// Whether the cluster rejects the Service; `None`: unknown.
    async fn dry_run(&self, runtime: &Runtime, version: &str) -> Option<bool> {
        let api = Api::<Service>::namespaced(self.0.client.clone(), &runtime.namespace);
        let parameters = PostParams { dry_run: true, ..PostParams::default() };
        match api.create(&parameters, &services::probe(&runtime.namespace, version)).await {
            Ok(_) => Some(false),
            Err(kube::Error::Api(status)) if status.is_invalid() => Some(true),
            Err(kube::Error::Api(status)) if status.is_already_exists() => Some(false),
            Err(_) => None,
        }
    }
}
