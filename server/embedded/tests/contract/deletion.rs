//! Deletion: dependents, finalizers, preconditions.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, Preconditions};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, background, config_map, deployment, from, labelled, refusal, until};

behaviors![
    background_deletion_removes_dependents_after_their_owner,
    foreground_deletion_keeps_the_owner_until_its_dependents_are_gone,
    foreground_deletion_reaches_the_dependents_of_dependents_first,
    foreground_deletion_releases_a_dependent_that_another_owner_keeps,
    a_dependent_of_two_owners_goes_with_the_second_one,
    orphaned_dependents_stay_without_their_owner,
    an_object_with_a_nonexistent_owner_is_garbage_collected,
    a_finalizer_keeps_an_object_until_it_is_removed,
    no_finalizer_can_be_added_during_deletion,
    preconditions_must_hold,
    a_collection_can_be_deleted_by_label,
    a_dry_run_of_a_delete_deletes_nothing,
    deleting_a_namespace_deletes_everything_in_it,
];

async fn family(cluster: &Cluster) -> ConfigMap {
    let root: ConfigMap = cluster.create(config_map("root", json!({}))).await.unwrap();
    let _: ConfigMap = cluster.create(child("child", &root)).await.unwrap();
    root
}

fn child(name: &str, owner: &ConfigMap) -> Value {
    child_of(name, &[owner])
}

fn child_of(name: &str, owners: &[&ConfigMap]) -> Value {
    let references = owners.iter().map(|owner| {
        let (name, uid) = (&owner.metadata.name, &owner.metadata.uid);
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": uid, "blockOwnerDeletion": true })
    });
    let mut child = config_map(name, json!({}));
    child["metadata"]["ownerReferences"] = references.collect();
    child
}

/// Creates a dependent of two owners.
async fn shared(cluster: &Cluster) {
    let root: ConfigMap = cluster.create(config_map("root", json!({}))).await.unwrap();
    let other: ConfigMap = cluster.create(config_map("other", json!({}))).await.unwrap();
    let _: ConfigMap = cluster.create(child_of("child", &[&root, &other])).await.unwrap();
    cluster.settles().await;
}

async fn owners_of_the_child(cluster: &Cluster) -> Vec<String> {
    let child = cluster.config_maps().get("child").await.unwrap();
    assert_eq!(child.metadata.deletion_timestamp, None);
    child.metadata.owner_references.unwrap_or_default().into_iter().map(|owner| owner.name).collect()
}

async fn gone(cluster: &Cluster, name: &str) {
    let ask = || async { cluster.config_maps().get_opt(name).await.unwrap().is_none().then_some(()) };
    until("the object is gone", ask).await;
}

async fn free(cluster: &Cluster, name: &str) {
    let patch = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    cluster.config_maps().patch(name, &PatchParams::default(), &patch).await.unwrap();
}

async fn background_deletion_removes_dependents_after_their_owner(cluster: &Cluster) {
    family(cluster).await;
    let _: ConfigMap = cluster.create(config_map("other", json!({}))).await.unwrap();
    cluster.config_maps().delete("root", &background()).await.unwrap();
    assert!(cluster.config_maps().get_opt("root").await.unwrap().is_none());
    gone(cluster, "child").await;
    assert!(cluster.config_maps().get_opt("other").await.unwrap().is_some());
}

async fn foreground_deletion_keeps_the_owner_until_its_dependents_are_gone(cluster: &Cluster) {
    let root = family(cluster).await;
    let mut held = child("held", &root);
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: ConfigMap = cluster.create(held).await.unwrap();
    // The garbage collector of a real cluster discovers owners through its own watches.
    cluster.settles().await;
    cluster.config_maps().delete("root", &DeleteParams::foreground()).await.unwrap();
    gone(cluster, "child").await;
    let waiting = cluster.config_maps().get("root").await.unwrap();
    assert_eq!(waiting.metadata.finalizers.as_deref(), Some(&["foregroundDeletion".to_owned()][..]));
    free(cluster, "held").await;
    gone(cluster, "root").await;
}

async fn foreground_deletion_reaches_the_dependents_of_dependents_first(cluster: &Cluster) {
    let root: ConfigMap = cluster.create(config_map("root", json!({}))).await.unwrap();
    let middle: ConfigMap = cluster.create(child("child", &root)).await.unwrap();
    let mut held = child("held", &middle);
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: ConfigMap = cluster.create(held).await.unwrap();
    cluster.settles().await;
    cluster.config_maps().delete("root", &DeleteParams::foreground()).await.unwrap();
    until("the last dependent is being deleted", || async {
        cluster.config_maps().get("held").await.unwrap().metadata.deletion_timestamp
    })
    .await;
    for name in ["root", "child"] {
        let waiting = cluster.config_maps().get(name).await.unwrap();
        assert_eq!(waiting.metadata.finalizers.as_deref(), Some(&["foregroundDeletion".to_owned()][..]), "{name}");
    }
    free(cluster, "held").await;
    for name in ["held", "child", "root"] {
        gone(cluster, name).await;
    }
}

async fn foreground_deletion_releases_a_dependent_that_another_owner_keeps(cluster: &Cluster) {
    shared(cluster).await;
    cluster.config_maps().delete("root", &DeleteParams::foreground()).await.unwrap();
    gone(cluster, "root").await;
    assert_eq!(owners_of_the_child(cluster).await, ["other"]);
    assert!(cluster.config_maps().get_opt("other").await.unwrap().is_some());
}

async fn a_dependent_of_two_owners_goes_with_the_second_one(cluster: &Cluster) {
    shared(cluster).await;
    cluster.config_maps().delete("root", &background()).await.unwrap();
    until("the reference to the first is gone", || async {
        (owners_of_the_child(cluster).await == ["other"]).then_some(())
    })
    .await;
    cluster.config_maps().delete("other", &background()).await.unwrap();
    gone(cluster, "child").await;
}

async fn orphaned_dependents_stay_without_their_owner(cluster: &Cluster) {
    family(cluster).await;
    cluster.settles().await;
    cluster.config_maps().delete("root", &DeleteParams::orphan()).await.unwrap();
    gone(cluster, "root").await;
    let child = cluster.config_maps().get("child").await.unwrap();
    assert_eq!(child.metadata.owner_references.unwrap_or_default(), []);
}

async fn an_object_with_a_nonexistent_owner_is_garbage_collected(cluster: &Cluster) {
    let mut root: ConfigMap = from(config_map("root", json!({})));
    root.metadata.uid = Some("11111111-1111-1111-1111-111111111111".into());
    let _: ConfigMap = cluster.create(child("child", &root)).await.unwrap();
    gone(cluster, "child").await;
}

async fn a_finalizer_keeps_an_object_until_it_is_removed(cluster: &Cluster) {
    let mut held = config_map("a", json!({}));
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: ConfigMap = cluster.create(held).await.unwrap();
    cluster.config_maps().delete("a", &DeleteParams::default()).await.unwrap();
    assert!(cluster.config_maps().get("a").await.unwrap().metadata.deletion_timestamp.is_some());
    free(cluster, "a").await;
    assert!(cluster.config_maps().get_opt("a").await.unwrap().is_none());
}

async fn no_finalizer_can_be_added_during_deletion(cluster: &Cluster) {
    let mut held = config_map("a", json!({}));
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: ConfigMap = cluster.create(held).await.unwrap();
    cluster.config_maps().delete("a", &DeleteParams::default()).await.unwrap();
    let more = Patch::Merge(json!({ "metadata": { "finalizers": ["example.com/hold", "example.com/more"] } }));
    let (code, _, message) = refusal(cluster.config_maps().patch("a", &PatchParams::default(), &more).await);
    assert!(
        code == 422 && message.contains("no new finalizers can be added if the object is being deleted"),
        "{message}"
    );
    free(cluster, "a").await;
}

async fn preconditions_must_hold(cluster: &Cluster) {
    let root: ConfigMap = cluster.create(config_map("root", json!({}))).await.unwrap();
    let other = Preconditions { uid: Some("another".into()), resource_version: None };
    let (code, reason, message) =
        refusal(cluster.config_maps().delete("root", &DeleteParams::background().preconditions(other)).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    let expected = "the UID in the precondition (another) does not match the UID in record";
    assert!(message.contains(expected), "{message}");
    let right = Preconditions { uid: root.metadata.uid, resource_version: root.metadata.resource_version };
    cluster.config_maps().delete("root", &DeleteParams::background().preconditions(right)).await.unwrap();
}

async fn a_collection_can_be_deleted_by_label(cluster: &Cluster) {
    for (name, label) in [("a", "x"), ("b", "x"), ("c", "y")] {
        let _: ConfigMap = cluster.create(labelled(name, label, "1")).await.unwrap();
    }
    let selected = ListParams::default().labels("l=x");
    cluster.config_maps().delete_collection(&DeleteParams::default(), &selected).await.unwrap();
    let left = cluster.config_maps().list(&ListParams::default().labels("l")).await.unwrap();
    assert_eq!(left.items.len(), 1);
}

async fn a_dry_run_of_a_delete_deletes_nothing(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(config_map("a", json!({}))).await.unwrap();
    let dry = DeleteParams { dry_run: true, ..DeleteParams::default() };
    cluster.config_maps().delete("a", &dry).await.unwrap();
    let there = cluster.config_maps().get("a").await.unwrap();
    assert!(there.metadata.deletion_timestamp.is_none());
}

async fn deleting_a_namespace_deletes_everything_in_it(cluster: &Cluster) {
    let name = cluster.own("going");
    cluster.create_namespace(&name).await;
    let deployments: Api<Deployment> = Api::namespaced(cluster.client.clone(), &name);
    let mut held = config_map("held", json!({}));
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let maps: Api<ConfigMap> = Api::namespaced(cluster.client.clone(), &name);
    maps.create(&Default::default(), &from(held)).await.unwrap();
    deployments.create(&Default::default(), &from(deployment("a", "image:1"))).await.unwrap();
    let namespaces = cluster.all::<Namespace>();
    namespaces.delete(&name, &DeleteParams::default()).await.unwrap();
    let late = maps.create(&Default::default(), &from(config_map("late", json!({})))).await;
    let (code, reason, message) = refusal(late);
    assert_eq!((code, reason.as_str()), (403, "Forbidden"), "{message}");
    assert!(message.contains("because it is being terminated"), "{message}");
    until("the Deployment is gone", || async { deployments.get_opt("a").await.unwrap().is_none().then_some(()) }).await;
    let waiting = namespaces.get(&name).await.unwrap();
    assert_eq!(waiting.status.unwrap().phase.as_deref(), Some("Terminating"));
    let patch = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    maps.patch("held", &PatchParams::default(), &patch).await.unwrap();
    until("the namespace is gone", || async { namespaces.get_opt(&name).await.unwrap().is_none().then_some(()) }).await;
}
