//! The patch types besides server-side apply, and the subresources.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, config_map, deployment, gated_pod, refusal, to, until};

behaviors![
    a_merge_patch_replaces_fields_and_removes_those_set_to_null,
    a_strategic_merge_patch_follows_list_keys,
    a_json_patch_is_applied_completely_or_not_at_all,
    a_patch_may_contain_the_resource_version_it_is_based_on,
    the_status_subresource_changes_only_the_status,
    the_scale_subresource_changes_the_replica_count,
    the_generation_counts_only_spec_changes,
];

async fn a_merge_patch_replaces_fields_and_removes_those_set_to_null(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(config_map("a", json!({ "k": "1", "l": "1" }))).await.unwrap();
    let patch = Patch::Merge(json!({ "data": { "k": "2", "l": null }, "metadata": { "labels": { "x": "y" } } }));
    let after = cluster.config_maps().patch("a", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!((to(&after.data), to(&after.metadata.labels)), (json!({ "k": "2" }), json!({ "x": "y" })));
}

async fn a_strategic_merge_patch_follows_list_keys(cluster: &Cluster) {
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let containers = json!([{ "name": "main", "image": "image:2" }, { "name": "more", "image": "more:1" }]);
    let patch = Patch::Strategic(json!({ "spec": { "template": { "spec": { "containers": containers } } } }));
    let after = cluster.deployments().patch("a", &PatchParams::default(), &patch).await.unwrap();
    let after = to(&after)["spec"]["template"]["spec"]["containers"].clone();
    let named = |name: &str| after.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    assert_eq!((&named("main")["image"], &named("more")["image"]), (&json!("image:2"), &json!("more:1")));
    assert_eq!(named("main")["ports"][0]["containerPort"], 9000);
}

async fn a_json_patch_is_applied_completely_or_not_at_all(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(config_map("a", json!({ "k": "1" }))).await.unwrap();
    let path = format!("{}/a", cluster.path("/api/v1", "configmaps"));
    let headers = [("content-type", "application/json-patch+json")];
    let good = json!([{ "op": "test", "path": "/data/k", "value": "1" }, { "op": "replace", "path": "/data/k", "value": "2" }, { "op": "add", "path": "/data/l", "value": "3" }]);
    let (code, after) = cluster.raw("PATCH", &path, &headers, &good.to_string()).await;
    assert_eq!((code, &after["data"]), (200, &json!({ "k": "2", "l": "3" })));
    let bad = json!([{ "op": "remove", "path": "/data/l" }, { "op": "test", "path": "/data/k", "value": "1" }]);
    let (code, status) = cluster.raw("PATCH", &path, &headers, &bad.to_string()).await;
    assert_eq!((code, &status["reason"]), (422, &json!("Invalid")), "{status}");
    assert_eq!(to(&cluster.config_maps().get("a").await.unwrap().data), json!({ "k": "2", "l": "3" }));
}

async fn a_patch_may_contain_the_resource_version_it_is_based_on(cluster: &Cluster) {
    let first: ConfigMap = cluster.create(config_map("a", json!({ "k": "1" }))).await.unwrap();
    let version = first.metadata.resource_version.unwrap();
    let patch =
        |value: &str| Patch::Merge(json!({ "metadata": { "resourceVersion": version }, "data": { "k": value } }));
    cluster.config_maps().patch("a", &PatchParams::default(), &patch("2")).await.unwrap();
    let late = cluster.config_maps().patch("a", &PatchParams::default(), &patch("3")).await;
    assert_eq!(refusal(late).0, 409);
}

async fn the_status_subresource_changes_only_the_status(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let patch: Patch<Value> = Patch::Merge(json!({ "spec": { "hostname": "other" }, "status": { "message": "kept" } }));
    let after = cluster.pods().patch_status("p", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!((&to(&after)["status"]["message"], &to(&after)["spec"]["hostname"]), (&json!("kept"), &Value::Null));
    let patch: Patch<Value> =
        Patch::Merge(json!({ "metadata": { "labels": { "x": "y" } }, "status": { "message": "lost" } }));
    let after = cluster.pods().patch("p", &PatchParams::default(), &patch).await.unwrap();
    assert_eq!(
        (&to(&after)["status"]["message"], &to(&after)["metadata"]["labels"]["x"]),
        (&json!("kept"), &json!("y"))
    );
}

async fn the_scale_subresource_changes_the_replica_count(cluster: &Cluster) {
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let patch = Patch::Merge(json!({ "spec": { "replicas": 2 } }));
    cluster.deployments().patch_scale("a", &PatchParams::default(), &patch).await.unwrap();
    until("two are ready", || async {
        (to(&cluster.deployments().get("a").await.unwrap())["status"]["readyReplicas"] == 2).then_some(())
    })
    .await;
    assert_eq!(to(&cluster.deployments().get_scale("a").await.unwrap())["status"]["selector"], "app=a");
}

async fn the_generation_counts_only_spec_changes(cluster: &Cluster) {
    let mut paused = deployment("a", "image:1");
    paused["spec"]["replicas"] = 0.into();
    let _: Deployment = cluster.create(paused).await.unwrap();
    let label = Patch::Merge(json!({ "metadata": { "labels": { "x": "y" } } }));
    let after = cluster.deployments().patch("a", &PatchParams::default(), &label).await.unwrap();
    assert_eq!(after.metadata.generation, Some(1));
    let image = Patch::Merge(json!({ "spec": { "minReadySeconds": 3 } }));
    let after = cluster.deployments().patch("a", &PatchParams::default(), &image).await.unwrap();
    assert_eq!(after.metadata.generation, Some(2));
    until("the controller has seen it", || async {
        let object = cluster.deployments().get("a").await.unwrap();
        (to(&object)["status"]["observedGeneration"] == 2).then_some(())
    })
    .await;
    let kept = until("the object is replaced by itself", || async {
        // The controller may write the status in between.
        let same = cluster.deployments().get("a").await.unwrap();
        cluster.deployments().replace("a", &PostParams::default(), &same).await.ok()
    })
    .await;
    assert_eq!(kept.metadata.generation, Some(2));
}
