//! Creating, reading and replacing objects, and dry runs.

use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret};
use kube::api::{Api, ListParams, PostParams};
use serde_json::json;

use crate::list::behaviors;
use crate::support::{Cluster, config_map, from, gated_pod, refusal, to};

behaviors![
    a_created_object_is_read_back_with_its_identity,
    an_existing_name_is_a_conflict_and_a_missing_one_is_not_found,
    a_generated_name_begins_with_its_prefix,
    a_write_with_a_stale_resource_version_is_rejected,
    a_write_that_changes_nothing_keeps_the_resource_version,
    the_identity_of_an_object_is_immutable,
    a_dry_run_returns_the_object_and_stores_nothing,
    string_data_of_a_secret_is_stored_as_data,
    an_immutable_config_map_cannot_be_changed,
    an_unknown_field_is_rejected_under_strict_field_validation,
];

async fn a_created_object_is_read_back_with_its_identity(cluster: &Cluster) {
    let created: ConfigMap = cluster.create(config_map("a", json!({ "k": "v" }))).await.unwrap();
    assert_eq!(created.metadata.namespace.as_ref(), Some(&cluster.namespace));
    assert!(created.metadata.uid.is_some() && created.metadata.creation_timestamp.is_some());
    assert_eq!(cluster.config_maps().get("a").await.unwrap(), created);
}

async fn an_existing_name_is_a_conflict_and_a_missing_one_is_not_found(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(config_map("a", json!({}))).await.unwrap();
    let again = cluster.create::<ConfigMap>(config_map("a", json!({}))).await;
    assert_eq!(refusal(again), (409, "AlreadyExists".into(), "configmaps \"a\" already exists".into()));
    let none = cluster.config_maps().get("b").await;
    assert_eq!(refusal(none), (404, "NotFound".into(), "configmaps \"b\" not found".into()));
    let elsewhere: Api<ConfigMap> = Api::namespaced(cluster.client.clone(), "krt-contract-nowhere");
    let answer = elsewhere.create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    let message = "namespaces \"krt-contract-nowhere\" not found";
    assert_eq!(refusal(answer), (404, "NotFound".into(), message.into()));
}

async fn a_generated_name_begins_with_its_prefix(cluster: &Cluster) {
    let map = || json!({ "metadata": { "generateName": "some-" } });
    let first: ConfigMap = cluster.create(map()).await.unwrap();
    let second: ConfigMap = cluster.create(map()).await.unwrap();
    let name = first.metadata.name.clone().unwrap();
    assert!(name.len() == 10 && name.starts_with("some-"), "{name}");
    assert_ne!(first.metadata.name, second.metadata.name);
}

async fn a_write_with_a_stale_resource_version_is_rejected(cluster: &Cluster) {
    let first: ConfigMap = cluster.create(config_map("a", json!({ "k": "1" }))).await.unwrap();
    let mut changed = first.clone();
    changed.data = from(json!({ "k": "2" }));
    let second = cluster.config_maps().replace("a", &PostParams::default(), &changed).await.unwrap();
    assert_ne!(second.metadata.resource_version, first.metadata.resource_version);
    let (code, reason, message) = refusal(cluster.config_maps().replace("a", &PostParams::default(), &changed).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    let expected = "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your \
                    changes to the latest version and try again";
    assert_eq!(message, expected);
}

async fn a_write_that_changes_nothing_keeps_the_resource_version(cluster: &Cluster) {
    let first: ConfigMap = cluster.create(config_map("a", json!({ "k": "1" }))).await.unwrap();
    let second = cluster.config_maps().replace("a", &PostParams::default(), &first).await.unwrap();
    assert_eq!(second.metadata.resource_version, first.metadata.resource_version);
}

async fn the_identity_of_an_object_is_immutable(cluster: &Cluster) {
    let first: ConfigMap = cluster.create(config_map("a", json!({}))).await.unwrap();
    let mut other = first.clone();
    other.metadata.uid = Some("00000000-0000-0000-0000-000000000000".into());
    let (code, reason, _) = refusal(cluster.config_maps().replace("a", &PostParams::default(), &other).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    let mut renamed = first.clone();
    renamed.metadata.name = Some("b".into());
    let path = format!("{}/a", cluster.path("/api/v1", "configmaps"));
    let body = to(&renamed).to_string();
    let (code, _) = cluster.raw("PUT", &path, &[("content-type", "application/json")], &body).await;
    assert_eq!(code, 400);
}

async fn a_dry_run_returns_the_object_and_stores_nothing(cluster: &Cluster) {
    let params = PostParams { dry_run: true, ..PostParams::default() };
    let answer: ConfigMap = cluster.config_maps().create(&params, &from(config_map("a", json!({})))).await.unwrap();
    assert!(answer.metadata.uid.is_some());
    assert!(cluster.config_maps().get_opt("a").await.unwrap().is_none());
    let refused = cluster.config_maps().create(&params, &from(config_map("A", json!({})))).await;
    assert_eq!(refusal(refused).0, 422);
}

async fn string_data_of_a_secret_is_stored_as_data(cluster: &Cluster) {
    let secret = json!({ "metadata": { "name": "s" }, "stringData": { "k": "v" } });
    let created: Secret = cluster.create(secret).await.unwrap();
    assert_eq!((&to(&created)["data"], &to(&created)["type"]), (&json!({ "k": "dg==" }), &json!("Opaque")));
    assert!(created.string_data.is_none());
}

async fn an_immutable_config_map_cannot_be_changed(cluster: &Cluster) {
    let mut fixed = config_map("a", json!({ "k": "1" }));
    fixed["immutable"] = true.into();
    let mut fixed: ConfigMap = cluster.create(fixed).await.unwrap();
    fixed.data = from(json!({ "k": "2" }));
    let (code, _, message) = refusal(cluster.config_maps().replace("a", &PostParams::default(), &fixed).await);
    assert!(code == 422 && message.contains("field is immutable when `immutable` is set"), "{message}");
}

async fn an_unknown_field_is_rejected_under_strict_field_validation(cluster: &Cluster) {
    let mut pod = gated_pod("p");
    pod["spec"]["containers"][0]["imag"] = "typo".into();
    let path = cluster.path("/api/v1", "pods");
    let json = [("content-type", "application/json")];
    let strict = format!("{path}?fieldValidation=Strict");
    let (code, status) = cluster.raw("POST", &strict, &json, &pod.to_string()).await;
    assert_eq!(code, 400, "{status}");
    assert!(status["message"].as_str().unwrap().contains("unknown field \"spec.containers[0].imag\""), "{status}");
    let (code, _) = cluster.raw("POST", &format!("{path}?fieldValidation=Ignore"), &json, &pod.to_string()).await;
    assert_eq!(code, 201);
    let pods: Api<Pod> = cluster.api();
    assert_eq!(pods.list(&ListParams::default()).await.unwrap().items.len(), 1);
}
