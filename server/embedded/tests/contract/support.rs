//! A cluster of the test's own, and the objects that tests begin with.

use std::future::Future;
use std::time::Duration;

use embedded_cluster::{EmbeddedCluster, Options};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod};
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Client, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The namespace every test works in.
pub const NAMESPACE: &str = "contract";

/// A cluster that runs fast, with a client for it.
pub struct Cluster {
    pub cluster: EmbeddedCluster,
    pub client: Client,
}

impl Cluster {
    /// An empty cluster with the namespace of the tests.
    pub async fn new() -> Cluster {
        let cluster = Cluster::open(None).await;
        let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": NAMESPACE } });
        cluster.all::<Namespace>().create(&PostParams::default(), &from(namespace)).await.unwrap();
        cluster
    }

    /// The cluster kept in `file`.
    pub async fn open(file: Option<&std::path::Path>) -> Cluster {
        let options = Options { speed: 20.0, seed: Some(7) };
        let cluster = EmbeddedCluster::open(file, options).await.unwrap();
        let client = Client::new(cluster.router(), NAMESPACE);
        Cluster { cluster, client }
    }

    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), NAMESPACE)
    }

    pub fn all<K: Resource<DynamicType = ()>>(&self) -> Api<K> {
        Api::all(self.client.clone())
    }

    pub fn config_maps(&self) -> Api<ConfigMap> {
        self.api()
    }

    pub fn deployments(&self) -> Api<Deployment> {
        self.api()
    }

    pub fn pods(&self) -> Api<Pod> {
        self.api()
    }

    /// Applies `object` as `manager`.
    pub async fn apply<K>(&self, manager: &str, object: Value) -> kube::Result<K>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>
            + DeserializeOwned
            + Clone
            + std::fmt::Debug,
    {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        self.api::<K>().patch(&name, &PatchParams::apply(manager), &Patch::Apply(object)).await
    }

    /// The only pod with this label.
    pub async fn pod(&self, app: &str) -> Option<Pod> {
        let found = self.pods().list(&ListParams::default().labels(&format!("app={app}"))).await.unwrap();
        found.items.into_iter().next()
    }
}

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

/// A Deployment to apply: one container of `image`, labelled `app=<name>`.
pub fn deployment(name: &str, image: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": name },
        "spec": {
            "selector": { "matchLabels": { "app": name } },
            "template": {
                "metadata": { "labels": { "app": name } },
                "spec": { "containers": [{ "name": "main", "image": image, "ports": [{ "name": "grpc", "containerPort": 9000 }] }] },
            },
        },
    })
}

/// Asks until the answer is there, for 10 seconds.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    for _ in 0..1_000 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited too long: {what}");
}

/// The status of a refusal.
pub fn refusal<T: std::fmt::Debug>(answer: kube::Result<T>) -> (u16, String, String) {
    match answer.unwrap_err() {
        kube::Error::Api(status) => (status.code, status.reason.clone(), status.message.clone()),
        other => panic!("no answer of the API: {other}"),
    }
}

/// Delete in the background.
pub fn background() -> DeleteParams {
    DeleteParams::background()
}
