//! An object as it will be applied: its JSON with a hash of itself, so that an unchanged object is not written again.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cluster::kinds::{ObjectKind, Written};
use crate::cluster::labels;

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

impl Built {
    /// The object with a hash of itself in its annotations.
    pub fn new<K: Written + Serialize>(object: K) -> Built {
        // Objects of k8s-openapi consist of strings, numbers, lists and maps with text keys: serializing cannot fail.
        let mut body = serde_json::to_value(&object).unwrap_or_default();
        let hash = hash(&body);
        body["metadata"]["annotations"][labels::APPLIED] = json!(hash);
        let text = |field: &str| body["metadata"][field].as_str().unwrap_or_default().to_owned();
        Built { kind: K::WRITTEN_AS, namespace: text("namespace"), name: text("name"), hash, body }
    }
}

/// Twenty hexadecimal digits of SHA-256 over the JSON, whose keys are sorted.
fn hash(body: &Value) -> String {
    let digest = Sha256::digest(body.to_string());
    hex::encode(&digest[..10])
}
