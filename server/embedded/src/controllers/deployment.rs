//! Deployment → ReplicaSets: one per template; the newest is scaled up while the others are scaled down.

use serde_json::{Value, json};

use super::deployment_status as status;
use super::replicaset::owner;
use super::{Requeue, events, rollout, write_status};
use crate::kinds::Resource;
use crate::registry::{self, DeleteOptions, UpdateOptions};
use crate::status::ApiError;
use crate::store::{Key, Object, Store};
use crate::{meta, random};

const REVISION: &str = "deployment.kubernetes.io/revision";

pub fn reconcile(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(deployment) = store.get(key) else { return Ok(None) };
    if meta::is_deleting(&deployment) {
        return Ok(None);
    }
    let mut sets = sets_of(store, &deployment);
    let hash = random::hash_suffix(&deployment["spec"]["template"].to_string());
    let newest = match sets.iter().position(|set| set["metadata"]["labels"]["pod-template-hash"] == hash) {
        Some(at) => sets.remove(at),
        None => begin(store, key, &deployment, &sets, &hash)?,
    };
    let newest = follow_revision(store, &deployment, newest, &sets)?;
    if deployment["spec"]["paused"] != true {
        for (set, replicas) in rollout::plan(&deployment, &newest, &sets) {
            scale(store, &deployment, &set, replicas)?;
        }
    }
    forget(store, &deployment, &sets)?;
    // Read the sets again, so that the status reflects the new scale.
    let sets = sets_of(store, &deployment);
    let (status, again) = status::of(&deployment, &sets, &hash, store.clock.now());
    write_status(store, key, status)?;
    Ok(again)
}

fn sets_of(store: &Store, deployment: &Value) -> Vec<Object> {
    let uid = meta::uid(deployment);
    let dependents = store.dependents(uid).into_iter().filter(|(key, _)| key.resource == Resource::ReplicaSets);
    let mut sets: Vec<Object> = dependents.map(|(_, set)| set).filter(|set| !meta::is_deleting(set)).collect();
    sets.sort_by_key(|set| (revision(set), meta::name(set).to_owned()));
    sets
}

fn revision(set: &Value) -> u64 {
    set["metadata"]["annotations"][REVISION].as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn begin(store: &Store, key: &Key, deployment: &Value, old: &[Object], hash: &str) -> Result<Object, ApiError> {
    let mut template = deployment["spec"]["template"].clone();
    meta::map_in(&mut template["metadata"], "labels").insert("pod-template-hash".to_owned(), hash.into());
    let mut selector = deployment["spec"]["selector"].clone();
    meta::map_in(&mut selector, "matchLabels").insert("pod-template-hash".to_owned(), hash.into());
    let mut spec = json!({ "replicas": 0, "selector": selector, "template": template });
    if let Some(least) = deployment["spec"]["minReadySeconds"].as_i64() {
        spec["minReadySeconds"] = least.into();
    }
    let number = old.iter().map(|set| revision(set)).max().unwrap_or(0) + 1;
    let set = json!({
        "metadata": {
            "name": format!("{}-{hash}", key.name),
            "labels": template["metadata"]["labels"],
            "annotations": { REVISION: number.to_string() },
            "ownerReferences": [owner(Resource::Deployments, deployment)],
        },
        "spec": spec,
    });
    store.write(|write| registry::create_internal(write, Resource::ReplicaSets, &key.namespace, set))
}

/// Gives the newest set the highest revision and copies that revision to the Deployment.
fn follow_revision(store: &Store, deployment: &Value, newest: Object, old: &[Object]) -> Result<Object, ApiError> {
    let highest = old.iter().map(|set| revision(set)).max().unwrap_or(0);
    let number = if revision(&newest) > highest { revision(&newest) } else { highest + 1 };
    annotate(store, Resource::Deployments, deployment, number)?;
    let newest = annotate(store, Resource::ReplicaSets, &newest, number)?;
    let least = &deployment["spec"]["minReadySeconds"];
    if newest["spec"]["minReadySeconds"] == *least {
        return Ok(newest);
    }
    change(store, Resource::ReplicaSets, &newest, |set| set["spec"]["minReadySeconds"] = least.clone())
}

fn annotate(store: &Store, resource: Resource, object: &Value, number: u64) -> Result<Object, ApiError> {
    change(store, resource, object, |object| {
        let annotations = meta::of(object).entry("annotations").or_insert_with(|| json!({}));
        annotations[REVISION] = number.to_string().into();
    })
}

fn change(
    store: &Store,
    resource: Resource,
    object: &Value,
    work: impl FnOnce(&mut Value),
) -> Result<Object, ApiError> {
    let key = Key::of(resource, object);
    store.write(|write| {
        let present = write.get(&key).ok_or_else(|| ApiError::not_found(resource.kind(), &key.name))?;
        let mut object = present.as_ref().clone();
        work(&mut object);
        registry::update(write, resource.kind(), &key, object, UpdateOptions { manager: None, status: false })
    })
}

fn scale(store: &Store, deployment: &Value, set: &Value, replicas: i64) -> Result<(), ApiError> {
    let before = set["spec"]["replicas"].as_i64().unwrap_or(0);
    if before == replicas {
        return Ok(());
    }
    change(store, Resource::ReplicaSets, set, |set| set["spec"]["replicas"] = replicas.into())?;
    let direction = if replicas > before { "up" } else { "down" };
    let message = format!("Scaled {direction} replica set {} from {before} to {replicas}", meta::name(set));
    let note = events::Note {
        kind: "Normal",
        reason: "ScalingReplicaSet",
        message,
        source: "deployment-controller",
        field: String::new(),
    };
    events::record(store, Resource::Deployments, deployment, note)
}

/// Deletes old sets without pods that exceed the history limit.
fn forget(store: &Store, deployment: &Value, old: &[Object]) -> Result<(), ApiError> {
    let limit = usize::try_from(deployment["spec"]["revisionHistoryLimit"].as_i64().unwrap_or(10)).unwrap_or(0);
    let empty = |set: &&Object| set["spec"]["replicas"] == 0 && set["status"]["replicas"].as_i64().unwrap_or(0) == 0;
    let idle: Vec<&Object> = old.iter().filter(empty).collect();
    for set in idle.iter().take(idle.len().saturating_sub(limit)) {
        let key = Key::of(Resource::ReplicaSets, set);
        let kind = Resource::ReplicaSets.kind();
        store.write(|write| registry::delete(write, kind, &key, &DeleteOptions::default()))?;
    }
    Ok(())
}
