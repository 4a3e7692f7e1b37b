//! Deleting: what happens to what an object owns, and what must be true of it.

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Preconditions};
use serde_json::{Value, json};

use crate::support::{Cluster, config_map, refusal, until};

async fn family(cluster: &Cluster) -> ConfigMap {
    let root: ConfigMap = cluster.apply("me", config_map("root", json!({}))).await.unwrap();
    let _: ConfigMap = cluster.apply("me", child("child", &root)).await.unwrap();
    root
}

fn child(name: &str, root: &ConfigMap) -> Value {
    let mut child = config_map(name, json!({}));
    child["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "v1", "kind": "ConfigMap", "name": "root", "uid": root.metadata.uid, "blockOwnerDeletion": true,
    }]);
    child
}

async fn gone(cluster: &Cluster, name: &str) {
    let ask = || async { cluster.config_maps().get_opt(name).await.unwrap().is_none().then_some(()) };
    until("it is gone", ask).await;
}

#[tokio::test]
async fn in_the_foreground_an_owner_waits_for_what_it_owns() {
    let cluster = Cluster::new().await;
    let root = family(&cluster).await;
    let mut held = child("held", &root);
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let _: ConfigMap = cluster.apply("me", held).await.unwrap();
    cluster.config_maps().delete("root", &DeleteParams::foreground()).await.unwrap();
    gone(&cluster, "child").await;
    let waiting = cluster.config_maps().get("root").await.unwrap();
    assert_eq!(waiting.metadata.finalizers.as_deref(), Some(&["foregroundDeletion".to_owned()][..]));
    let free = kube::api::Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    cluster.config_maps().patch("held", &kube::api::PatchParams::default(), &free).await.unwrap();
    gone(&cluster, "root").await;
}

#[tokio::test]
async fn orphans_stay_without_their_owner() {
    let cluster = Cluster::new().await;
    family(&cluster).await;
    cluster.config_maps().delete("root", &DeleteParams::orphan()).await.unwrap();
    gone(&cluster, "root").await;
    let child = cluster.config_maps().get("child").await.unwrap();
    assert_eq!(child.metadata.owner_references.unwrap_or_default(), []);
}

#[tokio::test]
async fn preconditions_must_hold() {
    let cluster = Cluster::new().await;
    let root = family(&cluster).await;
    let other = Preconditions { uid: Some("another".into()), resource_version: None };
    let (code, reason, message) =
        refusal(cluster.config_maps().delete("root", &DeleteParams::background().preconditions(other)).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert!(message.contains("Precondition failed: UID in precondition: another"), "{message}");
    let right = Preconditions { uid: root.metadata.uid, resource_version: root.metadata.resource_version };
    cluster.config_maps().delete("root", &DeleteParams::background().preconditions(right)).await.unwrap();
}

#[tokio::test]
async fn a_collection_is_deleted_by_its_labels() {
    let cluster = Cluster::new().await;
    for (name, label) in [("a", "x"), ("b", "x"), ("c", "y")] {
        let mut object = config_map(name, json!({}));
        object["metadata"]["labels"] = json!({ "l": label });
        let _: ConfigMap = cluster.apply("me", object).await.unwrap();
    }
    let selected = ListParams::default().labels("l=x");
    cluster.config_maps().delete_collection(&DeleteParams::default(), &selected).await.unwrap();
    let left = cluster.config_maps().list(&ListParams::default().labels("l")).await.unwrap();
    assert_eq!(left.items.len(), 1);
}
