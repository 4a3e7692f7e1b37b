//! EndpointSlices: the ready pods behind each Service with a selector.

use serde_json::{Value, json};

use super::Requeue;
use super::replicaset::is_ready;
use crate::kinds::Resource;
use crate::meta;
use crate::random;
use crate::registry::{self, DeleteOptions, UpdateOptions};
use crate::selectors::LabelSelector;
use crate::status::ApiError;
use crate::store::{Change, Key, Object, Store};

/// The label that names the Service of a slice.
pub const SERVICE: &str = "kubernetes.io/service-name";

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    // The garbage collector removes slices whose service is gone.
    let Some(service) = store.get(key) else { return Ok(None) };
    let selector = service["spec"]["selector"].as_object().filter(|selector| !selector.is_empty());
    let Some(selector) = selector.filter(|_| !meta::is_deleting(&service) && service["spec"]["type"] != "ExternalName")
    else {
        return Ok(None);
    };
    let selector = LabelSelector::from_map(selector);
    let (pods, _) = store.list(Resource::Pods, Some(&key.namespace));
    let pods: Vec<Object> =
        pods.into_iter().filter(|pod| selector.matches(meta::labels(pod)) && has_address(pod)).collect();
    let slice = slice(key, &service, &pods);
    let (present, _) = store.list(Resource::EndpointSlices, Some(&key.namespace));
    let mut mine = present.iter().filter(|one| one["metadata"]["labels"][SERVICE] == key.name.as_str() && is_ours(one));
    match mine.next() {
        Some(first) => change(store, first, slice)?,
        None => {
            store.write(|write| registry::create_internal(write, Resource::EndpointSlices, &key.namespace, slice))?;
        }
    }
    for surplus in mine {
        let key = Key::of(Resource::EndpointSlices, surplus);
        let kind = Resource::EndpointSlices.kind();
        store.write(|write| registry::delete(write, kind, &key, &DeleteOptions::default()))?;
    }
    Ok(None)
}

const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER: &str = "endpointslice-controller.k8s.io";

fn is_ours(slice: &Value) -> bool {
    slice["metadata"]["labels"][MANAGED_BY] == CONTROLLER
}

/// Services that select the pod, or selected it before the change.
pub fn selecting(store: &Store, change: &Change) -> Vec<Key> {
    let (services, _) = store.list(Resource::Services, Some(&change.key.namespace));
    let pods: Vec<_> = [Some(&change.object), change.before.as_ref()].into_iter().flatten().collect();
    let selects = |service: &&Object| {
        let selector = service["spec"]["selector"].as_object().filter(|selector| !selector.is_empty());
        selector
            .map(LabelSelector::from_map)
            .is_some_and(|selector| pods.iter().any(|pod| selector.matches(pod.labels.as_ref())))
    };
    services.iter().filter(selects).map(|service| Key::of(Resource::Services, service)).collect()
}

fn has_address(pod: &Value) -> bool {
    pod["status"]["podIP"].is_string() && !matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

fn slice(key: &Key, service: &Value, pods: &[Object]) -> Value {
    let mut labels = service["metadata"]["labels"].as_object().cloned().unwrap_or_default();
    labels.insert(SERVICE.to_owned(), key.name.as_str().into());
    labels.insert(MANAGED_BY.to_owned(), CONTROLLER.into());
    if service["spec"]["clusterIP"] == "None" {
        labels.insert("service.kubernetes.io/headless".to_owned(), "".into());
    }
    let mut owner = super::replicaset::owner(Resource::Services, service);
    owner["controller"] = true.into();
    // A stable name per service: a recreated service has another UID, hence another slice.
    let name = format!("{}-{}", key.name, &random::hash_suffix(meta::uid(service))[..5]);
    let publishes = service["spec"]["publishNotReadyAddresses"] == true;
    json!({
        "metadata": { "name": name, "labels": labels, "ownerReferences": [owner] },
        "addressType": "IPv4",
        "endpoints": pods.iter().map(|pod| endpoint(pod, publishes)).collect::<Vec<_>>(),
        "ports": ports(service, pods),
    })
}

fn endpoint(pod: &Value, publishes: bool) -> Value {
    let serving = is_ready(pod);
    let terminating = meta::is_deleting(pod);
    json!({
        "addresses": [pod["status"]["podIP"]],
        "conditions": { "ready": publishes || (serving && !terminating), "serving": serving, "terminating": terminating },
        "nodeName": pod["spec"]["nodeName"],
        "targetRef": {
            "kind": "Pod",
            "namespace": pod["metadata"]["namespace"],
            "name": pod["metadata"]["name"],
            "uid": pod["metadata"]["uid"],
        },
    })
}

/// The ports with the container port numbers of the pods; a named target port that no pod has is omitted.
fn ports(service: &Value, pods: &[Object]) -> Vec<Value> {
    let ports = service["spec"]["ports"].as_array().into_iter().flatten();
    ports
        .filter_map(|port| {
            let number = match &port["targetPort"] {
                Value::String(name) => pods.iter().find_map(|pod| named_port(pod, name))?,
                number => number.as_i64()?,
            };
            let name = port["name"].as_str().unwrap_or_default();
            let mut found = json!({ "name": name, "port": number, "protocol": port["protocol"] });
            if port["appProtocol"].is_string() {
                found["appProtocol"] = port["appProtocol"].clone();
            }
            Some(found)
        })
        .collect()
}

fn named_port(pod: &Value, name: &str) -> Option<i64> {
    let containers = pod["spec"]["containers"].as_array()?;
    let mut ports = containers.iter().filter_map(|container| container["ports"].as_array()).flatten();
    ports.find(|port| port["name"] == name)?["containerPort"].as_i64()
}

fn change(store: &Store, present: &Value, desired: Value) -> Result<(), ApiError> {
    let key = Key::of(Resource::EndpointSlices, present);
    store.write(|write| {
        let Some(present) = write.get(&key) else { return Ok(()) };
        let mut new = present.as_ref().clone();
        for field in ["endpoints", "ports"] {
            new[field] = desired[field].clone();
        }
        new["metadata"]["labels"] = desired["metadata"]["labels"].clone();
        let options = UpdateOptions { manager: None, status: false };
        registry::update(write, Resource::EndpointSlices.kind(), &key, new, options).map(|_| ())
    })
}
