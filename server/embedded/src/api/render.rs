//! Responses in the requested form: objects, tables for kubectl, metadata only.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::accept::Accept;
use crate::kinds::Kind;
use crate::kubectl;

impl Accept {
    /// One object in this form.
    pub fn object(self, kind: &Kind, object: &Value, now: jiff::Timestamp, first: bool) -> Value {
        match self {
            Accept::Object | Accept::Discovery => object.clone(),
            Accept::Table => {
                let version = &object["metadata"]["resourceVersion"];
                kubectl::table(kind, std::iter::once(object), json!({ "resourceVersion": version }), now, first)
            }
            Accept::Metadata => metadata(object),
        }
    }

    /// A list in this form.
    pub fn list(self, kind: &Kind, items: &[impl AsRef<Value>], metadata: Value, now: jiff::Timestamp) -> Value {
        match self {
            Accept::Object | Accept::Discovery => json!({
                "kind": format!("{}List", kind.kind),
                "apiVersion": kind.api_version(),
                "metadata": metadata,
                "items": items.iter().map(|item| bare(item.as_ref())).collect::<Vec<_>>(),
            }),
            Accept::Table => kubectl::table(kind, items.iter().map(AsRef::as_ref), metadata, now, true),
            Accept::Metadata => json!({
                "kind": "PartialObjectMetadataList",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": metadata,
                "items": items.iter().map(|item| self::metadata(item.as_ref())).collect::<Vec<_>>(),
            }),
        }
    }
}

/// In lists the real server omits `apiVersion` and `kind` of the items.
fn bare(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
        map.remove("apiVersion");
        map.remove("kind");
    }
    object
}

fn metadata(object: &Value) -> Value {
    json!({ "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"] })
}

/// A JSON response.
pub fn json(code: StatusCode, value: &Value) -> Response {
    (code, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

impl super::Call<'_> {
    /// A response with one object, and a warning where the client should be warned.
    pub fn respond(&self, code: StatusCode, object: &Value) -> Response {
        let body = self.accept.object(self.target.kind, object, self.store.clock.now(), true);
        json(code, &body)
    }
}
