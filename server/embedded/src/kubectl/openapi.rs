//! OpenAPI v3 for kubectl. Declares that the server validates fields itself (`fieldValidation`), so that `kubectl
//! apply` needs no `--validate=false`, and lists the fields of every kind with their types, for `kubectl explain`.
//! Fields have no descriptions.
//!
//! Patch operations omit their media types on purpose: kubectl then merges with its built-in schemas.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::protobuf::schema::{self, WireForm};
use crate::kinds::{GROUPS, KINDS};
use crate::status::ApiError;

/// `/openapi/v3`: the path of the document of each group and version.
pub async fn index() -> Response {
    let mut names = vec!["api/v1".to_owned()];
    names.extend(GROUPS.iter().map(|(group, version)| format!("apis/{group}/{version}")));
    let paths: Map<String, Value> = names
        .into_iter()
        .map(|name| {
            let address = format!("/openapi/v3/{name}");
            (name, json!({ "serverRelativeURL": address }))
        })
        .collect();
    Json(json!({ "paths": paths })).into_response()
}

/// `/openapi/v3/api/v1`.
pub async fn core() -> Response {
    Json(document("", "v1")).into_response()
}

/// `/openapi/v3/apis/<group>/<version>`.
pub async fn group(Path((group, version)): Path<(String, String)>) -> Response {
    if !GROUPS.contains(&(group.as_str(), version.as_str())) {
        return ApiError::no_such_resource().into_response();
    }
    Json(document(&group, &version)).into_response()
}

fn document(group: &str, version: &str) -> Value {
    let base = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    let mut paths = Map::new();
    for kind in KINDS.iter().filter(|kind| kind.group == group && kind.version == version) {
        let place = if kind.namespaced { "/namespaces/{namespace}" } else { "" };
        let about = json!({ "group": kind.group, "version": kind.version, "kind": kind.kind });
        let parameters = ["dryRun", "fieldManager", "fieldValidation", "force"]
            .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
        let operation = json!({
            "x-kubernetes-group-version-kind": about,
            "parameters": parameters,
            "responses": { "200": { "description": "OK" } },
        });
        paths
            .insert(format!("{base}{place}/{}/{{name}}", kind.plural), json!({ "patch": operation, "put": operation }));
    }
    let info = json!({ "title": "embedded cluster", "version": env!("CARGO_PKG_VERSION") });
    json!({ "openapi": "3.0.0", "info": info, "paths": paths, "components": { "schemas": schemas(group, version) } })
}

/// The schemas of the kinds of a group and of every message they contain.
fn schemas(group: &str, version: &str) -> Map<String, Value> {
    let mut found = Map::new();
    for kind in KINDS.iter().filter(|kind| kind.group == group && kind.version == version) {
        describe(kind.kind, &mut found);
        if let Some(Value::Object(schema)) = found.get_mut(kind.kind) {
            let about = json!([{ "group": kind.group, "version": kind.version, "kind": kind.kind }]);
            schema.insert("x-kubernetes-group-version-kind".to_owned(), about);
            for field in ["apiVersion", "kind"] {
                schema["properties"][field] = json!({ "type": "string" });
            }
        }
    }
    found
}

fn describe(name: &str, found: &mut Map<String, Value>) {
    if found.contains_key(name) {
        return;
    }
    // Inserted before its fields, since some messages are recursive.
    found.insert(name.to_owned(), Value::Null);
    let properties = properties(name, found);
    found.insert(name.to_owned(), json!({ "type": "object", "properties": properties }));
}

fn properties(name: &str, found: &mut Map<String, Value>) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in schema::message(name).unwrap_or_default() {
        let one = match field.form {
            WireForm::Message(inner) if field.name == "." => {
                properties.extend(self::properties(inner, found));
                continue;
            }
            WireForm::Message(inner) => {
                describe(inner, found);
                json!({ "allOf": [{ "$ref": format!("#/components/schemas/{inner}") }] })
            }
            WireForm::Text | WireForm::Quantity => json!({ "type": "string" }),
            WireForm::Bytes => json!({ "type": "string", "format": "byte" }),
            WireForm::Time | WireForm::MicroTime => json!({ "type": "string", "format": "date-time" }),
            WireForm::Number => json!({ "type": "integer" }),
            WireForm::Flag => json!({ "type": "boolean" }),
            WireForm::IntOrString => json!({ "type": "string", "format": "int-or-string" }),
            WireForm::Raw => json!({ "type": "object" }),
        };
        let one = match (field.is_list, field.is_map) {
            (true, _) => json!({ "type": "array", "items": one }),
            (_, true) => json!({ "type": "object", "additionalProperties": one }),
            _ => one,
        };
        properties.insert(field.name.to_owned(), one);
    }
    properties
}
