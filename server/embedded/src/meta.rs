//! Reading and writing the metadata of generic objects.

use serde_json::{Map, Value, json};

use crate::clock;

/// `metadata.<field>` as a string; empty when missing.
pub fn text<'o>(object: &'o Value, field: &str) -> &'o str {
    object["metadata"][field].as_str().unwrap_or_default()
}

/// `metadata.name`.
pub fn name(object: &Value) -> &str {
    text(object, "name")
}

/// `metadata.namespace`; empty for cluster-wide objects.
pub fn namespace(object: &Value) -> &str {
    text(object, "namespace")
}

/// `metadata.uid`.
pub fn uid(object: &Value) -> &str {
    text(object, "uid")
}

/// `metadata.resourceVersion` as a number; 0 when missing.
pub fn revision(object: &Value) -> u64 {
    text(object, "resourceVersion").parse().unwrap_or(0)
}

/// Whether the object is being deleted.
pub fn is_deleting(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

/// `metadata.labels`, when present.
pub fn labels(object: &Value) -> Option<&Map<String, Value>> {
    object["metadata"]["labels"].as_object()
}

/// The finalizers of the object.
pub fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    object["metadata"]["finalizers"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The owner references of the object.
pub fn owners(object: &Value) -> &[Value] {
    object["metadata"]["ownerReferences"].as_array().map_or(&[], Vec::as_slice)
}

/// The owner reference of the controller.
pub fn controller(object: &Value) -> Option<&Value> {
    owners(object).iter().find(|owner| owner["controller"] == true)
}

/// The creation time.
pub fn created(object: &Value) -> Option<jiff::Timestamp> {
    clock::parse(text(object, "creationTimestamp"))
}

/// The metadata as a map; replaced by an empty one when missing or of another type.
pub fn of(object: &mut Value) -> &mut Map<String, Value> {
    map_in(object, "metadata")
}

/// `object[field]` as a map; replaced by an empty one when missing or of another type.
pub fn map_in<'o>(object: &'o mut Value, field: &str) -> &'o mut Map<String, Value> {
    if !object.is_object() {
        *object = json!({});
    }
    if !object[field].is_object() {
        object[field] = json!({});
    }
    match &mut object[field] {
        Value::Object(map) => map,
        _ => unreachable!("set to a map above"),
    }
}

/// Removes a metadata field.
pub fn clear(object: &mut Value, field: &str) {
    if let Some(map) = object["metadata"].as_object_mut() {
        map.remove(field);
    }
}
