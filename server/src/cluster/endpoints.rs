//! The endpoints behind a Service.

use std::collections::HashSet;

use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use krt::names;
use kube::api::ListParams;
use kube::{Api, ResourceExt};

use super::labels::{INSTANCE, Labels, VERSION_UID, selector};
use super::{Cluster, ClusterError};
use crate::state::{Runtime, Version};

/// Label of an EndpointSlice: the name of its Service.
const SERVICE: &str = "kubernetes.io/service-name";

/// `active-entrypoint` as the cluster holds it now.
#[derive(Clone, Debug)]
pub(crate) struct Active {
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) selector: Labels,
}

/// The endpoints of a Service, counted by whether they are pods of one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// Ready endpoints of the version.
    pub(crate) ready: usize,
    /// Endpoints of the version, ready or not.
    pub(crate) own: usize,
    /// Endpoints of anything else, ready or not.
    pub(crate) foreign: usize,
}

impl Endpoints {
    /// Whether requests reach the version, and nothing else.
    pub(crate) fn is_only(self) -> bool {
        self.ready > 0 && self.foreign == 0
    }
}

impl Cluster {
    /// The endpoints of a Service as last observed.
    pub(crate) fn endpoints(&self, runtime: &Runtime, service: &str, version: &Version) -> Endpoints {
        let pods = self.pods_of(version);
        let uids = pods.iter().filter_map(|pod| pod.metadata.uid.as_deref()).collect();
        let is_of = |slice: &&EndpointSlice| {
            slice.namespace().as_deref() == Some(&runtime.namespace)
                && slice.labels().get(SERVICE).is_some_and(|name| name == service)
        };
        let of_version = self.0.seen.stores.slices.of_version(&version.uid);
        // Those of `active-entrypoint` belong to no version.
        let of_runtime = self.0.seen.stores.slices.of_version("");
        count(of_version.iter().chain(&of_runtime).map(AsRef::as_ref).filter(is_of), &uids)
    }

    /// The same by a fresh call, for decisions that must not rest on stale observations.
    pub(crate) async fn endpoints_now(
        &self,
        runtime: &Runtime,
        service: &str,
        version: &Version,
    ) -> Result<Endpoints, ClusterError> {
        let client = &self.0.client;
        let of_version = ListParams::default().labels(&selector(&self.0.instance, &runtime.id, Some(&version.uid)));
        let of_service = ListParams::default().labels(&format!("{SERVICE}={service}"));
        let slices = Api::<EndpointSlice>::namespaced(client.clone(), &runtime.namespace);
        let pods = Api::<Pod>::namespaced(client.clone(), &runtime.namespace);
        let slices = slices.list(&of_service).await.map_err(ClusterError::from_kube("list the endpoints"))?;
        let pods = pods.list_metadata(&of_version).await.map_err(ClusterError::from_kube("list the pods"))?;
        let uids = pods.items.iter().filter_map(|pod| pod.metadata.uid.as_deref()).collect();
        Ok(count(slices.items.iter(), &uids))
    }

    /// `active-entrypoint` of a runtime, by a fresh call.
    ///
    /// # Errors
    /// [`ClusterError::Foreign`] when it is not ours; others when the call fails.
    pub(crate) async fn active(&self, runtime: &Runtime) -> Result<Option<Active>, ClusterError> {
        let api = Api::<Service>::namespaced(self.0.client.clone(), &runtime.namespace);
        let what = format!("read the Service {}", names::ACTIVE_ENTRYPOINT);
        let found = api.get_opt(names::ACTIVE_ENTRYPOINT).await.map_err(ClusterError::from_kube(what))?;
        let Some(found) = found else { return Ok(None) };
        let is_ours = found.labels().get(INSTANCE) == Some(&self.0.instance);
        if !is_ours || found.labels().contains_key(VERSION_UID) {
            return Err(ClusterError::Foreign {
                kind: "Service",
                name: names::ACTIVE_ENTRYPOINT.to_owned(),
                namespace: runtime.namespace.clone(),
                owner: found.labels().get(INSTANCE).filter(|_| !is_ours).cloned(),
            });
        }
        Ok(Some(Active {
            uid: found.metadata.uid,
            resource_version: found.metadata.resource_version,
            selector: found.spec.and_then(|spec| spec.selector).unwrap_or_default(),
        }))
    }
}

fn count<'a>(slices: impl Iterator<Item = &'a EndpointSlice>, pods: &HashSet<&str>) -> Endpoints {
    let mut endpoints = Endpoints::default();
    for endpoint in slices.flat_map(|slice| &slice.endpoints) {
        let target = endpoint.target_ref.as_ref().and_then(|target| target.uid.as_deref());
        if target.is_some_and(|uid| pods.contains(uid)) {
            endpoints.own += 1;
            // By the API's definition, absent means ready.
            let ready = endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true);
            endpoints.ready += usize::from(ready);
        } else {
            endpoints.foreign += 1;
        }
    }
    endpoints
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_serves_a_version_only_when_all_endpoints_belong_to_it_and_one_is_ready() {
        let slice = |endpoints: &[(&str, bool)]| -> EndpointSlice {
            let endpoints: Vec<_> = endpoints
                .iter()
                .map(|(uid, ready)| json!({"addresses": [], "conditions": {"ready": ready}, "targetRef": {"uid": uid}}))
                .collect();
            serde_json::from_value(json!({"metadata": {}, "addressType": "IPv4", "endpoints": endpoints})).unwrap()
        };
        let pods = HashSet::from(["new-1", "new-2"]);
        let check = |slices: &[EndpointSlice]| count(slices.iter(), &pods).is_only();
        assert!(check(&[slice(&[("new-1", true), ("new-2", false)])]));
        assert!(!check(&[slice(&[("new-1", false)])]));
        assert!(!check(&[slice(&[("new-1", true)]), slice(&[("old-1", false)])]));
        assert!(!check(&[]));
    }
}
