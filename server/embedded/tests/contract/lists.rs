//! Lists: selectors, paging, consistent reads.

use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::ResourceExt;
use kube::api::ListParams;
use serde_json::{Value, json};

use crate::list::behaviors;
use crate::support::{Cluster, background, config_map, gated_pod, labelled, refusal};

behaviors![
    label_selectors_support_equality_sets_and_existence,
    a_malformed_label_selector_is_rejected,
    field_selectors_support_name_namespace_and_the_fields_of_the_kind,
    an_unsupported_field_selector_is_rejected,
    long_lists_are_paged_at_one_resource_version,
    a_page_reports_the_number_of_remaining_items,
    an_invalid_continue_token_is_rejected,
    a_list_across_namespaces_contains_each_of_them,
    metadata_only_responses_are_served_on_request,
    kubectl_gets_a_table,
];

async fn names(cluster: &Cluster, params: ListParams) -> Vec<String> {
    cluster.config_maps().list(&params).await.unwrap().items.iter().map(ResourceExt::name_any).collect()
}

async fn label_selectors_support_equality_sets_and_existence(cluster: &Cluster) {
    for (name, label) in [("a", "x"), ("b", "y"), ("c", "z")] {
        let _: ConfigMap = cluster.create(labelled(name, label, "1")).await.unwrap();
    }
    for (selector, expected) in [
        ("l=x", &["a"][..]),
        ("l!=x,l", &["b", "c"]),
        ("l in (x, y)", &["a", "b"]),
        ("l,l notin (x)", &["b", "c"]),
        ("l,l notin (x,z)", &["b"]),
        ("l=none", &[]),
    ] {
        assert_eq!(names(cluster, ListParams::default().labels(selector)).await, expected, "{selector}");
    }
    assert!(!names(cluster, ListParams::default().labels("!l")).await.contains(&"a".to_owned()));
}

async fn a_malformed_label_selector_is_rejected(cluster: &Cluster) {
    for selector in ["a b", "l in x", "l=a=b", "-l=x"] {
        let answer = cluster.config_maps().list(&ListParams::default().labels(selector)).await;
        let (code, reason, _) = refusal(answer);
        assert_eq!((code, reason.as_str()), (400, "BadRequest"), "{selector}");
    }
}

async fn field_selectors_support_name_namespace_and_the_fields_of_the_kind(cluster: &Cluster) {
    for name in ["a", "b"] {
        let _: ConfigMap = cluster.create(config_map(name, json!({}))).await.unwrap();
    }
    assert_eq!(names(cluster, ListParams::default().fields("metadata.name=a")).await, ["a"]);
    let here = format!("metadata.namespace={},metadata.name=b", cluster.namespace);
    assert_eq!(names(cluster, ListParams::default().fields(&here)).await, ["b"]);
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    for (selector, expected) in [
        ("status.phase=Pending", 1),
        ("status.phase!=Pending", 0),
        ("spec.nodeName=", 1),
        ("spec.restartPolicy=Never", 0),
    ] {
        let found = cluster.pods().list(&ListParams::default().fields(selector)).await.unwrap();
        assert_eq!(found.items.len(), expected, "{selector}");
    }
}

async fn an_unsupported_field_selector_is_rejected(cluster: &Cluster) {
    for selector in ["data.k=v", "metadata.labels=x", "spec.nodeName=a"] {
        let (code, reason, message) =
            refusal(cluster.config_maps().list(&ListParams::default().fields(selector)).await);
        assert_eq!((code, reason.as_str()), (400, "BadRequest"), "{selector}");
        assert!(message.contains("field label not supported") || message.contains("is not a known"), "{message}");
    }
    let answer = cluster.config_maps().list(&ListParams::default().fields("metadata.name")).await;
    assert_eq!(refusal(answer).0, 400);
}

async fn long_lists_are_paged_at_one_resource_version(cluster: &Cluster) {
    for n in 0..5 {
        let _: ConfigMap = cluster.create(labelled(&format!("c{n}"), "x", "1")).await.unwrap();
    }
    let params = ListParams::default().limit(3).labels("l=x");
    let first = cluster.config_maps().list(&params).await.unwrap();
    cluster.config_maps().delete("c4", &background()).await.unwrap();
    let _: ConfigMap = cluster.create(labelled("c5", "x", "1")).await.unwrap();
    let token = first.metadata.continue_.clone().unwrap();
    let rest = cluster.config_maps().list(&params.continue_token(&token)).await.unwrap();
    let names: Vec<_> = first.items.iter().chain(&rest.items).map(ResourceExt::name_any).collect();
    assert_eq!(names, ["c0", "c1", "c2", "c3", "c4"]);
    assert_eq!(rest.metadata.continue_.unwrap_or_default(), "");
    assert_eq!(first.metadata.resource_version, rest.metadata.resource_version);
}

async fn a_page_reports_the_number_of_remaining_items(cluster: &Cluster) {
    for n in 0..4 {
        let _: Pod = cluster.create(gated_pod(&format!("p{n}"))).await.unwrap();
    }
    let page = cluster.pods().list(&ListParams::default().limit(3)).await.unwrap();
    assert_eq!((page.items.len(), page.metadata.remaining_item_count), (3, Some(1)));
}

async fn an_invalid_continue_token_is_rejected(cluster: &Cluster) {
    let params = ListParams::default().limit(1).continue_token("nonsense");
    let (code, reason, _) = refusal(cluster.config_maps().list(&params).await);
    assert_eq!((code, reason.as_str()), (400, "BadRequest"));
}

async fn a_list_across_namespaces_contains_each_of_them(cluster: &Cluster) {
    let other = cluster.own("other");
    cluster.create_namespace(&other).await;
    let _: ConfigMap = cluster.create(labelled("a", &cluster.namespace, "1")).await.unwrap();
    let elsewhere: kube::Api<ConfigMap> = kube::Api::namespaced(cluster.client.clone(), &other);
    let object = crate::support::from(labelled("b", &cluster.namespace, "1"));
    elsewhere.create(&Default::default(), &object).await.unwrap();
    let mine = ListParams::default().labels(&format!("l={}", cluster.namespace));
    let all = cluster.all::<ConfigMap>().list(&mine).await.unwrap().items;
    let mut places: Vec<String> = all.iter().filter_map(ResourceExt::namespace).collect();
    places.sort();
    assert_eq!(places, [cluster.namespace.clone(), other]);
}

async fn metadata_only_responses_are_served_on_request(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(labelled("a", "x", "1")).await.unwrap();
    let list = cluster.config_maps().list_metadata(&ListParams::default().labels("l=x")).await.unwrap();
    assert_eq!(list.items.len(), 1);
    let accept = [("accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1")];
    let (code, one) = cluster.raw("GET", &format!("{}/a", cluster.path("/api/v1", "configmaps")), &accept, "").await;
    assert_eq!((code, &one["kind"], &one["data"]), (200, &json!("PartialObjectMetadata"), &Value::Null));
}

async fn kubectl_gets_a_table(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(config_map("a", json!({ "k": "v" }))).await.unwrap();
    let accept = [("accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")];
    let path = format!("{}?fieldSelector=metadata.name%3Da", cluster.path("/api/v1", "configmaps"));
    let (_, table) = cluster.raw("GET", &path, &accept, "").await;
    let columns: Vec<&str> =
        table["columnDefinitions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((columns, &table["rows"][0]["cells"][1]), (vec!["Name", "Data", "Age"], &json!(1)));
}
