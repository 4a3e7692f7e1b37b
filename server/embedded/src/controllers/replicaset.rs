//! ReplicaSet → pods: keeps the desired number of pods and counts the ready and available ones.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Requeue, events, write_status};
use crate::kinds::Resource;
use crate::registry::{self, DeleteOptions};
use crate::selectors::LabelSelector;
use crate::status::ApiError;
use crate::store::{Key, Object, Store};
use crate::{clock, meta};

/// Delay before the controller retries after a pod was rejected (quota).
const REFUSED: SignedDuration = SignedDuration::from_secs(2);

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(set) = store.get(key) else { return Ok(None) };
    let now = store.clock.now();
    let mut pods = pods_of(store, &set);
    pods.retain(|pod| !meta::is_deleting(pod) && !has_ended(pod));
    let desired = usize::try_from(set["spec"]["replicas"].as_i64().unwrap_or(1)).unwrap_or(0);
    let mut failure = None;
    if !meta::is_deleting(&set) {
        if pods.len() < desired {
            failure = add(store, key, &set, desired - pods.len(), &mut pods)?;
        } else if pods.len() > desired {
            let surplus = pods.len() - desired;
            // The least useful pods are deleted first: not ready before ready, newer before older.
            pods.sort_by_key(|pod| (is_ready(pod), std::cmp::Reverse(meta::created(pod)), meta::name(pod).to_owned()));
            for pod in pods.drain(..surplus) {
                remove(store, key, &set, &pod)?;
            }
        }
    }
    let least = SignedDuration::from_secs(set["spec"]["minReadySeconds"].as_i64().unwrap_or(0));
    let mut again = failure.is_some().then(|| now + REFUSED);
    let (mut ready, mut available) = (0, 0);
    for pod in pods.iter().filter(|pod| is_ready(pod)) {
        ready += 1;
        let due = ready_since(pod).unwrap_or(now) + least;
        if due <= now {
            available += 1;
        } else {
            again = Some(again.map_or(due, |again| again.min(due)));
        }
    }
    let mut status = json!({ "replicas": pods.len(), "observedGeneration": set["metadata"]["generation"] });
    let template = LabelSelector::from_object(&json!({ "matchLabels": set["spec"]["template"]["metadata"]["labels"] }));
    let labeled = pods.iter().filter(|pod| template.matches(meta::labels(pod))).count();
    for (name, number) in
        [("fullyLabeledReplicas", labeled), ("readyReplicas", ready), ("availableReplicas", available)]
    {
        if number > 0 {
            status[name] = number.into();
        }
    }
    if let Some(message) = failure {
        status["conditions"] = json!([{
            "type": "ReplicaFailure",
            "status": "True",
            "reason": "FailedCreate",
            "message": message,
            "lastTransitionTime": since(&set["status"]["conditions"], now),
        }]);
    }
    write_status(store, key, status)?;
    Ok(again)
}

fn since(conditions: &Value, now: Timestamp) -> String {
    let present = conditions.as_array().into_iter().flatten().find(|one| one["type"] == "ReplicaFailure");
    let time = present.and_then(|one| one["lastTransitionTime"].as_str()).map(str::to_owned);
    time.unwrap_or_else(|| clock::seconds(now))
}

/// The pods that the set controls.
pub fn pods_of(store: &Store, set: &Value) -> Vec<Object> {
    let uid = meta::uid(set);
    let dependents = store.dependents(uid).into_iter().filter(|(key, _)| key.resource == Resource::Pods);
    let controlled = |pod: &Object| meta::controller(pod).is_some_and(|owner| owner["uid"] == uid);
    dependents.map(|(_, pod)| pod).filter(controlled).collect()
}

/// Whether the `Ready` condition is true.
pub fn is_ready(pod: &Value) -> bool {
    condition(pod, "Ready").is_some_and(|ready| ready["status"] == "True")
}

fn ready_since(pod: &Value) -> Option<Timestamp> {
    condition(pod, "Ready")?["lastTransitionTime"].as_str().and_then(clock::parse)
}

fn condition<'p>(pod: &'p Value, name: &str) -> Option<&'p Value> {
    pod["status"]["conditions"].as_array()?.iter().find(|one| one["type"] == name)
}

fn has_ended(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

/// Creates pods. Returns the error message when one was rejected.
fn add(
    store: &Store,
    key: &Key,
    set: &Value,
    missing: usize,
    pods: &mut Vec<Object>,
) -> Result<Option<String>, ApiError> {
    for _ in 0..missing {
        let template = &set["spec"]["template"];
        let mut metadata = template["metadata"].clone();
        if !metadata.is_object() {
            metadata = json!({});
        }
        metadata["generateName"] = format!("{}-", key.name).into();
        metadata["ownerReferences"] = json!([owner(Resource::ReplicaSets, set)]);
        let pod = json!({ "metadata": metadata, "spec": template["spec"] });
        match store.write(|write| registry::create_internal(write, Resource::Pods, &key.namespace, pod)) {
            Ok(pod) => {
                let message = format!("Created pod: {}", meta::name(&pod));
                record_event(store, set, "Normal", "SuccessfulCreate", message)?;
                pods.push(pod);
            }
            Err(error) => {
                record_event(store, set, "Warning", "FailedCreate", format!("Error creating: {error}"))?;
                return Ok(Some(error.message));
            }
        }
    }
    Ok(None)
}

fn remove(store: &Store, key: &Key, set: &Value, pod: &Value) -> Result<(), ApiError> {
    let pod_key = Key::new(Resource::Pods, &key.namespace, meta::name(pod));
    store.write(|write| registry::delete(write, Resource::Pods.kind(), &pod_key, &DeleteOptions::default()))?;
    record_event(store, set, "Normal", "SuccessfulDelete", format!("Deleted pod: {}", meta::name(pod)))
}

fn record_event(store: &Store, set: &Value, kind: &str, reason: &str, message: String) -> Result<(), ApiError> {
    let source = "replicaset-controller";
    let note = events::Note { kind, reason, message, source, field: String::new() };
    events::record(store, Resource::ReplicaSets, set, note)
}

/// An owner reference to the controller `object`.
pub fn owner(resource: Resource, object: &Value) -> Value {
    let kind = resource.kind();
    json!({
        "apiVersion": kind.api_version(),
        "kind": kind.kind,
        "name": meta::name(object),
        "uid": meta::uid(object),
        "controller": true,
        "blockOwnerDeletion": true,
    })
}
