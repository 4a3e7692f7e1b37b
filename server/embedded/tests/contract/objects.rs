//! Objects: create, read, change, delete, own, watch.

use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use serde_json::json;

use crate::support::{Cluster, NAMESPACE, background, config_map, deployment, from, refusal, to, until};

#[tokio::test]
async fn what_was_created_is_read_back_with_identity() {
    let cluster = Cluster::new().await;
    let created: ConfigMap = cluster
        .config_maps()
        .create(&PostParams::default(), &from(config_map("a", json!({ "k": "v" }))))
        .await
        .unwrap();
    assert_eq!(created.metadata.namespace.as_deref(), Some(NAMESPACE));
    assert!(created.metadata.uid.is_some() && created.metadata.creation_timestamp.is_some());
    assert_eq!(cluster.config_maps().get("a").await.unwrap(), created);
    let again = cluster.config_maps().create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    assert_eq!(refusal(again), (409, "AlreadyExists".into(), "configmaps \"a\" already exists".into()));
    let none = cluster.config_maps().get("b").await;
    assert_eq!(refusal(none), (404, "NotFound".into(), "configmaps \"b\" not found".into()));
}

#[tokio::test]
async fn a_write_with_an_old_resource_version_is_refused() {
    let cluster = Cluster::new().await;
    let first: ConfigMap = cluster.apply("one", config_map("a", json!({ "k": "1" }))).await.unwrap();
    let mut changed = first.clone();
    changed.data = from(json!({ "k": "2" }));
    let second = cluster.config_maps().replace("a", &PostParams::default(), &changed).await.unwrap();
    assert_ne!(second.metadata.resource_version, first.metadata.resource_version);
    let (code, reason, _) = refusal(cluster.config_maps().replace("a", &PostParams::default(), &changed).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
}

#[tokio::test]
async fn applying_the_same_twice_changes_nothing() {
    let cluster = Cluster::new().await;
    for object in [deployment("a", "image:1"), deployment("a", "image:1")] {
        let _: k8s_openapi::api::apps::v1::Deployment = cluster.apply("me", object).await.unwrap();
    }
    let service = || {
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "s" },
            "spec": { "selector": { "app": "a" }, "ports": [{ "name": "grpc", "port": 9000 }, { "name": "web", "port": 80, "targetPort": 8080 }] } })
    };
    let first: k8s_openapi::api::core::v1::Service = cluster.apply("me", service()).await.unwrap();
    let second: k8s_openapi::api::core::v1::Service = cluster.apply("me", service()).await.unwrap();
    assert_eq!(first, second);
    assert!(first.spec.unwrap().cluster_ip.is_some());
}

#[tokio::test]
async fn fields_no_longer_applied_go_unless_somebody_else_owns_them() {
    let cluster = Cluster::new().await;
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "mine": "1", "shared": "1" }))).await.unwrap();
    let _: ConfigMap = cluster.apply("two", config_map("a", json!({ "shared": "1", "theirs": "1" }))).await.unwrap();
    let after: ConfigMap = cluster.apply("one", config_map("a", json!({}))).await.unwrap();
    assert_eq!(to(&after.data), json!({ "shared": "1", "theirs": "1" }));
}

#[tokio::test]
async fn another_managers_field_is_a_conflict_until_forced() {
    let cluster = Cluster::new().await;
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "k": "1" }))).await.unwrap();
    let (code, reason, message) =
        refusal(cluster.apply::<ConfigMap>("two", config_map("a", json!({ "k": "2" }))).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert_eq!(message, "Apply failed with 1 conflict: conflict with \"one\": .data.k");
    let forced = PatchParams::apply("two").force();
    let after =
        cluster.config_maps().patch("a", &forced, &Patch::Apply(config_map("a", json!({ "k": "2" })))).await.unwrap();
    assert_eq!(to(&after.data), json!({ "k": "2" }));
    let managers: Vec<_> = after.metadata.managed_fields.unwrap().into_iter().filter_map(|one| one.manager).collect();
    assert_eq!(managers, ["two"]);
}

#[tokio::test]
async fn a_merge_patch_takes_fields_from_their_owner() {
    let cluster = Cluster::new().await;
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "k": "1", "l": "1" }))).await.unwrap();
    let params = PatchParams { field_manager: Some("hand".into()), ..PatchParams::default() };
    let patch = Patch::Merge(json!({ "data": { "k": "2", "l": null } }));
    let after: ConfigMap = cluster.config_maps().patch("a", &params, &patch).await.unwrap();
    assert_eq!(to(&after.data), json!({ "k": "2" }));
    let (code, _, message) = refusal(cluster.apply::<ConfigMap>("one", config_map("a", json!({ "k": "3" }))).await);
    assert_eq!(
        (code, message.as_str()),
        (409, "Apply failed with 1 conflict: conflict with \"hand\" using v1: .data.k")
    );
}

#[tokio::test]
async fn what_is_owned_goes_with_its_owner() {
    let cluster = Cluster::new().await;
    let root: ConfigMap = cluster.apply("me", config_map("root", json!({}))).await.unwrap();
    let mut owned = config_map("owned", json!({}));
    owned["metadata"]["ownerReferences"] =
        json!([{ "apiVersion": "v1", "kind": "ConfigMap", "name": "root", "uid": root.metadata.uid }]);
    let _: ConfigMap = cluster.apply("me", owned).await.unwrap();
    let _: ConfigMap = cluster.apply("me", config_map("other", json!({}))).await.unwrap();
    cluster.config_maps().delete("root", &background()).await.unwrap();
    until("the owned object is gone", || async {
        cluster.config_maps().get_opt("owned").await.unwrap().is_none().then_some(())
    })
    .await;
    assert!(cluster.config_maps().get_opt("other").await.unwrap().is_some());
}

#[tokio::test]
async fn a_finalizer_holds_an_object_until_it_is_taken_off() {
    let cluster = Cluster::new().await;
    let mut held = config_map("a", json!({}));
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    cluster.config_maps().create(&PostParams::default(), &from(held)).await.unwrap();
    cluster.config_maps().delete("a", &DeleteParams::default()).await.unwrap();
    assert!(cluster.config_maps().get("a").await.unwrap().metadata.deletion_timestamp.is_some());
    let patch = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    cluster.config_maps().patch("a", &PatchParams::default(), &patch).await.unwrap();
    assert!(cluster.config_maps().get_opt("a").await.unwrap().is_none());
}

#[tokio::test]
async fn a_namespace_takes_everything_in_it_along() {
    let cluster = Cluster::new().await;
    let _: k8s_openapi::api::apps::v1::Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    until("a pod", || cluster.pod("a")).await;
    let namespaces = cluster.all::<Namespace>();
    namespaces.delete(NAMESPACE, &DeleteParams::default()).await.unwrap();
    let (code, _, message) = refusal(cluster.apply::<ConfigMap>("me", config_map("late", json!({}))).await);
    assert_eq!(code, 403, "{message}");
    until("the namespace is gone", || async { namespaces.get_opt(NAMESPACE).await.unwrap().is_none().then_some(()) })
        .await;
    assert!(cluster.pods().list(&ListParams::default()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn long_lists_come_in_pages_of_one_moment() {
    let cluster = Cluster::new().await;
    for n in 0..5 {
        let _: ConfigMap = cluster.apply("me", config_map(&format!("c{n}"), json!({ "n": "x" }))).await.unwrap();
    }
    let params = ListParams::default().limit(3).fields("metadata.name!=kube-root-ca.crt");
    let first = cluster.config_maps().list(&params).await.unwrap();
    cluster.config_maps().delete("c4", &background()).await.unwrap();
    let token = first.metadata.continue_.clone().unwrap();
    let rest = cluster.config_maps().list(&params.continue_token(&token)).await.unwrap();
    let names: Vec<_> = first.items.iter().chain(&rest.items).filter_map(|one| one.metadata.name.clone()).collect();
    assert_eq!(names, ["c0", "c1", "c2", "c3", "c4"]);
    assert_eq!(rest.metadata.continue_.unwrap_or_default(), "");
}

#[tokio::test]
async fn a_dry_run_answers_and_keeps_nothing() {
    let cluster = Cluster::new().await;
    let params = PostParams { dry_run: true, ..PostParams::default() };
    let answer: ConfigMap = cluster.config_maps().create(&params, &from(config_map("a", json!({})))).await.unwrap();
    assert!(answer.metadata.uid.is_some());
    assert!(cluster.config_maps().get_opt("a").await.unwrap().is_none());
}
