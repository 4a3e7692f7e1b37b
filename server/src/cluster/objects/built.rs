//! An object as it will be applied: its JSON with a hash of itself, so that an unchanged object is not written again.

use kube::core::ApiResource;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cluster::labels;

/// The kinds that we write, in the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    Namespace,
    ConfigMap,
    Secret,
    Service,
    Deployment,
    Ingress,
}

/// One object to be applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    pub kind: ObjectKind,
    /// Empty for a Namespace.
    pub namespace: String,
    pub name: String,
    /// Hash of the applied object, also in the annotation [`labels::APPLIED`].
    pub hash: String,
    /// The whole object, with `apiVersion` and `kind`.
    pub body: Value,
}

impl ObjectKind {
    pub fn name(self) -> &'static str {
        match self {
            ObjectKind::Namespace => "Namespace",
            ObjectKind::ConfigMap => "ConfigMap",
            ObjectKind::Secret => "Secret",
            ObjectKind::Service => "Service",
            ObjectKind::Deployment => "Deployment",
            ObjectKind::Ingress => "Ingress",
        }
    }

    /// What kube needs to know of the kind.
    pub fn resource(self) -> ApiResource {
        fn of<K: k8s_openapi::Resource>() -> ApiResource {
            ApiResource {
                group: K::GROUP.to_owned(),
                version: K::VERSION.to_owned(),
                api_version: K::API_VERSION.to_owned(),
                kind: K::KIND.to_owned(),
                plural: K::URL_PATH_SEGMENT.to_owned(),
            }
        }
        match self {
            ObjectKind::Namespace => of::<k8s_openapi::api::core::v1::Namespace>(),
            ObjectKind::ConfigMap => of::<k8s_openapi::api::core::v1::ConfigMap>(),
            ObjectKind::Secret => of::<k8s_openapi::api::core::v1::Secret>(),
            ObjectKind::Service => of::<k8s_openapi::api::core::v1::Service>(),
            ObjectKind::Deployment => of::<k8s_openapi::api::apps::v1::Deployment>(),
            ObjectKind::Ingress => of::<k8s_openapi::api::networking::v1::Ingress>(),
        }
    }
}

impl Built {
    /// The object with a hash of itself in its annotations.
    pub fn new<K>(kind: ObjectKind, object: K) -> Built
    where
        K: Serialize,
    {
        // Objects of k8s-openapi consist of strings, numbers, lists and maps with text keys: serializing cannot fail.
        let mut body = serde_json::to_value(&object).unwrap_or_default();
        let hash = hash(&body);
        body["metadata"]["annotations"][labels::APPLIED] = json!(hash);
        let text = |field: &str| body["metadata"][field].as_str().unwrap_or_default().to_owned();
        Built { kind, namespace: text("namespace"), name: text("name"), hash, body }
    }
}

/// Twenty hexadecimal digits of SHA-256 over the JSON, whose keys are sorted.
fn hash(body: &Value) -> String {
    let digest = Sha256::digest(body.to_string());
    hex::encode(&digest[..10])
}
