//! Objects for tests, and helpers to inspect them.

use kube::api::DeleteParams;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Any typed object from JSON.
pub fn from<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Any object as JSON.
pub fn to(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// A ConfigMap to apply.
pub fn config_map(name: &str, data: Value) -> Value {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": data })
}

/// A ConfigMap with the label `l`.
pub fn labelled(name: &str, label: &str, data: &str) -> Value {
    let mut object = config_map(name, json!({ "k": data }));
    object["metadata"]["labels"] = json!({ "l": label });
    object
}

/// A Deployment to apply: one container of `image`, labeled `app=<name>`.
pub fn deployment(name: &str, image: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": name },
        "spec": {
            "selector": { "matchLabels": { "app": name } },
            "template": {
                "metadata": { "labels": { "app": name } },
                "spec": {
                    "terminationGracePeriodSeconds": 1,
                    "containers": [{ "name": "main", "image": image, "ports": [{ "name": "grpc", "containerPort": 9000 }] }],
                },
            },
        },
    })
}

/// A Service to apply: port 9000 to the port `grpc` of the pods labeled `app=<app>`.
pub fn service(name: &str, app: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": { "name": name },
        "spec": { "selector": { "app": app }, "ports": [{ "name": "grpc", "port": 9000, "targetPort": "grpc" }] },
    })
}

/// A pod with a scheduling gate, which stays Pending on every cluster.
pub fn gated_pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": name },
        "spec": {
            "schedulingGates": [{ "name": "example.com/never" }],
            "containers": [{ "name": "main", "image": "image:1" }, { "name": "more", "image": "image:1" }],
        },
    })
}

/// The code, reason and message of an error response.
pub fn refusal<T: std::fmt::Debug>(answer: kube::Result<T>) -> (u16, String, String) {
    match answer.unwrap_err() {
        kube::Error::Api(status) => (status.code, status.reason.clone(), status.message.clone()),
        other => panic!("not an API error: {other}"),
    }
}

/// Parameters of a background deletion.
pub fn background() -> DeleteParams {
    DeleteParams::background()
}
