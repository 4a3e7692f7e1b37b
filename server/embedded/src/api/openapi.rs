//! Just enough of OpenAPI v3 for kubectl to learn that the server checks fields itself (`fieldValidation`), so that
//! `kubectl apply` needs no `--validate=false`. There are no schemas in it: `kubectl explain` has nothing to show.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::render::json as answer;
use crate::kinds::{GROUPS, KINDS};
use crate::status::ApiError;

/// `/openapi/v3`: where the document of each group and version is.
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
    answer(StatusCode::OK, &json!({ "paths": paths }))
}

/// `/openapi/v3/api/v1`.
pub async fn core() -> Response {
    answer(StatusCode::OK, &document("", "v1"))
}

/// `/openapi/v3/apis/<group>/<version>`.
pub async fn group(Path((group, version)): Path<(String, String)>) -> Response {
    if !GROUPS.contains(&(group.as_str(), version.as_str())) {
        return ApiError::no_such_resource().into_response();
    }
    answer(StatusCode::OK, &document(&group, &version))
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
    json!({ "openapi": "3.0.0", "info": info, "paths": paths })
}
