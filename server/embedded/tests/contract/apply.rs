//! Server-side apply and field ownership.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, config_map, deployment, refusal, service, to, until};

behaviors![
    applying_the_same_configuration_twice_changes_nothing,
    fields_no_longer_applied_are_removed_unless_another_manager_owns_them,
    another_managers_field_is_a_conflict_until_forced,
    several_conflicts_are_reported_by_manager,
    a_merge_patch_takes_over_field_ownership,
    containers_no_longer_applied_are_removed,
    a_quantity_written_as_a_number_is_the_same_quantity,
    each_manager_has_its_entry_and_the_controller_owns_the_status,
    apply_requires_a_field_manager,
    applying_with_a_stale_resource_version_is_a_conflict,
    a_dry_run_of_an_apply_stores_nothing,
];

async fn applying_the_same_configuration_twice_changes_nothing(cluster: &Cluster) {
    for _ in 0..2 {
        let applied: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
        assert_eq!(applied.metadata.generation, Some(1));
    }
    let first: Service = cluster.apply("me", service("s", "a")).await.unwrap();
    let second: Service = cluster.apply("me", service("s", "a")).await.unwrap();
    assert_eq!(first, second);
    assert!(first.spec.unwrap().cluster_ip.is_some());
}

async fn fields_no_longer_applied_are_removed_unless_another_manager_owns_them(cluster: &Cluster) {
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "mine": "1", "shared": "1" }))).await.unwrap();
    let _: ConfigMap = cluster.apply("two", config_map("a", json!({ "shared": "1", "theirs": "1" }))).await.unwrap();
    let after: ConfigMap = cluster.apply("one", config_map("a", json!({}))).await.unwrap();
    assert_eq!(to(&after.data), json!({ "shared": "1", "theirs": "1" }));
}

async fn another_managers_field_is_a_conflict_until_forced(cluster: &Cluster) {
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "k": "1" }))).await.unwrap();
    let (code, reason, message) =
        refusal(cluster.apply::<ConfigMap>("two", config_map("a", json!({ "k": "2" }))).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
    assert_eq!(message, "Apply failed with 1 conflict: conflict with \"one\": .data.k");
    let forced = PatchParams::apply("two").force();
    let after =
        cluster.config_maps().patch("a", &forced, &Patch::Apply(config_map("a", json!({ "k": "2" })))).await.unwrap();
    assert_eq!(to(&after.data), json!({ "k": "2" }));
    let fields = after.metadata.managed_fields.unwrap();
    let owner = fields.iter().find(|entry| to(&entry.fields_v1)["f:data"]["f:k"].is_object()).unwrap();
    assert_eq!(owner.manager.as_deref(), Some("two"));
}

async fn several_conflicts_are_reported_by_manager(cluster: &Cluster) {
    let data = |value: &str| config_map("a", json!({ "k": value, "l": value }));
    let _: ConfigMap = cluster.apply("one", data("1")).await.unwrap();
    let (code, _, message) = refusal(cluster.apply::<ConfigMap>("two", data("2")).await);
    let expected = "Apply failed with 2 conflicts: conflicts with \"one\":\n- .data.k\n- .data.l";
    assert_eq!((code, message.as_str()), (409, expected));
}

async fn a_merge_patch_takes_over_field_ownership(cluster: &Cluster) {
    let _: ConfigMap = cluster.apply("one", config_map("a", json!({ "k": "1", "l": "1" }))).await.unwrap();
    let params = PatchParams { field_manager: Some("hand".into()), ..PatchParams::default() };
    let patch = Patch::Merge(json!({ "data": { "k": "2", "l": null } }));
    let after: ConfigMap = cluster.config_maps().patch("a", &params, &patch).await.unwrap();
    assert_eq!(to(&after.data), json!({ "k": "2" }));
    let (code, _, message) = refusal(cluster.apply::<ConfigMap>("one", config_map("a", json!({ "k": "3" }))).await);
    let expected = "Apply failed with 1 conflict: conflict with \"hand\" using v1: .data.k";
    assert_eq!((code, message.as_str()), (409, expected));
}

async fn containers_no_longer_applied_are_removed(cluster: &Cluster) {
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

async fn a_quantity_written_as_a_number_is_the_same_quantity(cluster: &Cluster) {
    let limited = || {
        let mut limited = deployment("a", "image:1");
        limited["spec"]["template"]["spec"]["containers"][0]["resources"] = json!({ "limits": { "cpu": 1 } });
        limited
    };
    let first: Deployment = cluster.apply("one", limited()).await.unwrap();
    let second: Deployment = cluster.apply("two", limited()).await.unwrap();
    assert_eq!(first.metadata.generation, second.metadata.generation);
}

async fn each_manager_has_its_entry_and_the_controller_owns_the_status(cluster: &Cluster) {
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let entries = until("the controller wrote a status", || async {
        let fields = to(&cluster.deployments().get("a").await.unwrap())["metadata"]["managedFields"].clone();
        let entries: Vec<Value> = fields.as_array().unwrap().clone();
        entries.iter().any(|entry| entry["subresource"] == "status").then_some(entries)
    })
    .await;
    let mine = entries.iter().find(|entry| entry["manager"] == "me").unwrap();
    assert_eq!((&mine["operation"], &mine["apiVersion"]), (&json!("Apply"), &json!("apps/v1")));
    assert_eq!(mine["fieldsV1"]["f:spec"]["f:selector"], json!({}));
    assert!(mine["fieldsV1"]["f:status"].is_null());
    let theirs = entries.iter().find(|entry| entry["subresource"] == "status").unwrap();
    assert_eq!((&theirs["operation"], theirs["fieldsV1"]["f:status"].is_object()), (&json!("Update"), true));
}

async fn apply_requires_a_field_manager(cluster: &Cluster) {
    let path = format!("{}/a", cluster.path("/api/v1", "configmaps"));
    let headers = [("content-type", "application/apply-patch+yaml")];
    let (code, status) = cluster.raw("PATCH", &path, &headers, &config_map("a", json!({})).to_string()).await;
    assert_eq!(code, 422, "{status}");
    let expected =
        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch";
    assert_eq!(status["message"], expected);
}

async fn applying_with_a_stale_resource_version_is_a_conflict(cluster: &Cluster) {
    let first: ConfigMap = cluster.apply("me", config_map("a", json!({ "k": "1" }))).await.unwrap();
    let _: ConfigMap = cluster.apply("me", config_map("a", json!({ "k": "2" }))).await.unwrap();
    let mut late = config_map("a", json!({ "k": "3" }));
    late["metadata"]["resourceVersion"] = first.metadata.resource_version.unwrap().into();
    let (code, reason, _) = refusal(cluster.apply::<ConfigMap>("me", late).await);
    assert_eq!((code, reason.as_str()), (409, "Conflict"));
}

async fn a_dry_run_of_an_apply_stores_nothing(cluster: &Cluster) {
    let dry = PatchParams { dry_run: true, ..PatchParams::apply("me") };
    let apply = |data: Value| Patch::Apply(config_map("a", data));
    cluster.config_maps().patch("a", &dry, &apply(json!({ "k": "1" }))).await.unwrap();
    assert!(cluster.config_maps().get_opt("a").await.unwrap().is_none());
    let _: ConfigMap = cluster.apply("me", config_map("a", json!({ "k": "1" }))).await.unwrap();
    let answer = cluster.config_maps().patch("a", &dry, &apply(json!({ "k": "2" }))).await.unwrap();
    assert_eq!(to(&answer.data), json!({ "k": "2" }));
    assert_eq!(to(&cluster.config_maps().get("a").await.unwrap().data), json!({ "k": "1" }));
}
