//! What is refused, with the codes and words of the real server.

use axum::body::Body;
use axum::http::Request;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use kube::api::{Api, PostParams};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{Cluster, config_map, deployment, from, refusal};

fn service(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": name },
        "spec": { "selector": { "a": "b" }, "ports": [{ "port": 80 }] } })
}

#[tokio::test]
async fn names_and_labels_follow_the_rules_of_their_kind() {
    let cluster = Cluster::new().await;
    for name in ["1-service", "a.b", "A", "a_b"] {
        let (code, reason, message) = refusal(cluster.apply::<Service>("me", service(name)).await);
        assert_eq!((code, reason.as_str()), (422, "Invalid"), "{name}");
        assert!(
            message.starts_with(&format!("Service \"{name}\" is invalid: metadata.name: Invalid value")),
            "{message}"
        );
    }
    let _: ConfigMap = cluster.apply("me", config_map("1.a", json!({}))).await.unwrap();
    let mut labelled = config_map("a", json!({}));
    labelled["metadata"]["labels"] = json!({ "l": "not a label" });
    let (code, _, message) = refusal(cluster.apply::<ConfigMap>("me", labelled).await);
    assert!(code == 422 && message.contains("metadata.labels: Invalid value: \"not a label\""), "{message}");
}

#[tokio::test]
async fn a_selector_cannot_change() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let mut other = deployment("a", "image:1");
    for path in ["/spec/selector/matchLabels", "/spec/template/metadata/labels"] {
        *other.pointer_mut(path).unwrap() = json!({ "app": "other" });
    }
    let (code, _, message) = refusal(cluster.apply::<Deployment>("me", other).await);
    assert!(code == 422 && message.ends_with("field is immutable"), "{message}");
}

#[tokio::test]
async fn a_config_map_above_one_mebibyte_is_refused() {
    let cluster = Cluster::new().await;
    let (code, _, message) =
        refusal(cluster.apply::<ConfigMap>("me", config_map("a", json!({ "k": "x".repeat(1_048_577) }))).await);
    assert!(code == 422 && message.contains("Too long"), "{message}");
    let large = config_map("a", json!({ "k": "x".repeat(4 << 20) }));
    assert_eq!(refusal(cluster.apply::<ConfigMap>("me", large).await).0, 413);
}

#[tokio::test]
async fn a_missing_namespace_is_not_found() {
    let cluster = Cluster::new().await;
    let elsewhere: Api<ConfigMap> = Api::namespaced(cluster.client.clone(), "nowhere");
    let answer = elsewhere.create(&PostParams::default(), &from(config_map("a", json!({})))).await;
    assert_eq!(refusal(answer), (404, "NotFound".into(), "namespaces \"nowhere\" not found".into()));
}

#[tokio::test]
async fn a_quota_refuses_what_is_above_it() {
    let cluster = Cluster::new().await;
    let quota = json!({ "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "few" }, "spec": { "hard": { "count/services": "1" } } });
    let _: k8s_openapi::api::core::v1::ResourceQuota = cluster.apply("me", quota).await.unwrap();
    let _: Service = cluster.apply("me", service("a")).await.unwrap();
    let (code, reason, message) = refusal(cluster.apply::<Service>("me", service("b")).await);
    assert_eq!((code, reason.as_str()), (403, "Forbidden"));
    assert!(
        message.contains(
            "exceeded quota: few, requested: count/services=1, used: count/services=1, limited: count/services=1"
        ),
        "{message}"
    );
}

#[tokio::test]
async fn foreign_media_types_and_paths_are_refused() {
    let cluster = Cluster::new().await;
    let ask = |method: &str, path: &str, kind: &str, body: &str| {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        cluster.cluster.router().oneshot(request.body(Body::from(body.to_owned())).unwrap())
    };
    let maps = "/api/v1/namespaces/contract/configmaps";
    let cases = [
        ("POST", maps, "text/plain", "{}", 415),
        ("PATCH", "/api/v1/namespaces/contract/configmaps/a", "application/json", "{}", 415),
        ("POST", maps, "application/json", "{", 400),
        ("POST", maps, "application/json", "{\"data\":{\"a\":1},\"metadata\":{\"name\":\"a\"}}", 400),
        ("GET", "/apis/apps/v1/nothing", "", "", 404),
        ("GET", "/apis/none/v1", "", "", 404),
        ("PUT", maps, "application/json", "{}", 405),
        ("GET", "/api/v1/pods?labelSelector=a%20b", "", "", 400),
        ("GET", "/api/v1/pods?resourceVersion=x", "", "", 400),
    ];
    for (method, path, kind, body, expected) in cases {
        let answer = ask(method, path, kind, body).await.unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{method} {path} {body}");
    }
}
