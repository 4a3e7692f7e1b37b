//! The patch kinds besides server-side apply, subresources, generated names, tables.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Cluster, deployment, from, to, until};

#[tokio::test]
async fn a_strategic_patch_follows_list_keys() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let containers = json!([{ "name": "main", "image": "image:2" }, { "name": "more", "image": "more:1" }]);
    let patch = Patch::Strategic(json!({ "spec": { "template": { "spec": { "containers": containers } } } }));
    let after = cluster.deployments().patch("a", &PatchParams::default(), &patch).await.unwrap();
    let after = to(&after)["spec"]["template"]["spec"]["containers"].clone();
    assert_eq!((&after[0]["image"], &after[1]["name"]), (&json!("image:2"), &json!("more")));
    assert_eq!(after[0]["ports"][0]["containerPort"], 9000);
}

#[tokio::test]
async fn containers_no_longer_applied_go() {
    let cluster = Cluster::new().await;
    let mut two = deployment("a", "image:1");
    let more = json!({ "name": "more", "image": "more:1", "env": [{ "name": "A", "value": "1" }] });
    two["spec"]["template"]["spec"]["containers"].as_array_mut().unwrap().push(more);
    let before: Deployment = cluster.apply("me", two).await.unwrap();
    assert_eq!(before.metadata.generation, Some(1));
    let after: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let names: Vec<String> =
        after.spec.unwrap().template.spec.unwrap().containers.into_iter().map(|one| one.name).collect();
    assert_eq!((names, after.metadata.generation), (vec!["main".to_owned()], Some(2)));
}

#[tokio::test]
async fn the_status_door_changes_the_status_only() {
    let cluster = Cluster::new().await;
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "generateName": "p-" },
        "spec": { "containers": [{ "name": "c", "image": "i:sim-unschedulable" }] } });
    let created: Pod = cluster.pods().create(&PostParams::default(), &from(pod)).await.unwrap();
    let name = created.metadata.name.clone().unwrap();
    assert!(name.len() == 7 && name.starts_with("p-"), "{name}");
    let patch = Patch::Merge(json!({ "metadata": { "labels": { "l": "v" } }, "status": { "message": "told" } }));
    let after = cluster.pods().patch_status(&name, &PatchParams::default(), &patch).await.unwrap();
    assert_eq!((to(&after)["status"]["message"].clone(), after.metadata.labels), (json!("told"), None));
}

#[tokio::test]
async fn the_scale_door_changes_the_number() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let patch = Patch::Merge(json!({ "spec": { "replicas": 2 } }));
    cluster.deployments().patch_scale("a", &PatchParams::default(), &patch).await.unwrap();
    until("two are ready", || async {
        (to(&cluster.deployments().get("a").await.unwrap())["status"]["readyReplicas"] == 2).then_some(())
    })
    .await;
    assert_eq!(to(&cluster.deployments().get_scale("a").await.unwrap())["status"]["selector"], "app=a");
}

#[tokio::test]
async fn kubectl_gets_its_table() {
    let cluster = Cluster::new().await;
    let _: ConfigMap = cluster.apply("me", crate::support::config_map("a", json!({ "k": "v" }))).await.unwrap();
    let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    let request = Request::builder().uri("/api/v1/namespaces/contract/configmaps?fieldSelector=metadata.name=a");
    let answer =
        cluster.cluster.router().oneshot(request.header("accept", accept).body(Body::empty()).unwrap()).await.unwrap();
    let table: Value = serde_json::from_slice(&to_bytes(answer.into_body(), 1 << 20).await.unwrap()).unwrap();
    let columns: Vec<&str> =
        table["columnDefinitions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((columns, &table["rows"][0]["cells"][1]), (vec!["Name", "Data", "Age"], &json!(1)));
}

#[tokio::test]
async fn defaults_leave_nothing_empty_behind() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let request =
        Request::builder().uri("/apis/apps/v1/namespaces/contract/deployments/a").body(Body::empty()).unwrap();
    let answer = cluster.cluster.router().oneshot(request).await.unwrap();
    let text = String::from_utf8(to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
    assert!(!text.contains("null"), "{text}");
}

#[tokio::test]
async fn an_amount_written_as_a_number_is_the_same_amount() {
    let cluster = Cluster::new().await;
    let limited = || {
        let mut limited = deployment("a", "image:1");
        limited["spec"]["template"]["spec"]["containers"][0]["resources"] = json!({ "limits": { "cpu": 1 } });
        limited
    };
    let first: Deployment = cluster.apply("one", limited()).await.unwrap();
    let second: Deployment = cluster.apply("two", limited()).await.unwrap();
    assert_eq!(first.metadata.generation, second.metadata.generation);
}
