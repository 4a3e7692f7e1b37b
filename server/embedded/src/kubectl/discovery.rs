//! Discovery: `/api`, `/apis` and the resource lists.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::accept::Accept;
use crate::kinds::{GROUPS, KINDS, Kind, REVIEWS};
use crate::status::ApiError;

/// `/api`.
pub async fn core_versions(headers: HeaderMap) -> Response {
    if Accept::of(&headers) == Accept::Discovery {
        return aggregated(&[("", "v1")]);
    }
    let addresses = json!([{ "clientCIDR": "0.0.0.0/0", "serverAddress": "" }]);
    let body = json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses });
    Json(body).into_response()
}

/// `/apis`.
pub async fn groups(headers: HeaderMap) -> Response {
    if Accept::of(&headers) == Accept::Discovery {
        return aggregated(&GROUPS);
    }
    let groups: Vec<Value> = GROUPS.iter().map(|(group, version)| about(group, version)).collect();
    Json(json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })).into_response()
}

/// Aggregated discovery of these groups (apidiscovery.k8s.io/v2), for clients that request it.
fn aggregated(groups: &[(&str, &str)]) -> Response {
    let items: Vec<Value> = groups
        .iter()
        .map(|(group, version)| {
            let listed = resources(group, version)["resources"].take();
            let versions = json!([{ "version": version, "freshness": "Current", "resources": whole(group, &listed) }]);
            json!({ "metadata": if group.is_empty() { json!({}) } else { json!({ "name": group }) }, "versions": versions })
        })
        .collect();
    let list = json!({ "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items });
    let media_type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    (StatusCode::OK, [(header::CONTENT_TYPE, media_type), (header::VARY, "Accept")], list.to_string()).into_response()
}

/// Resources with their subresources nested.
fn whole(group: &str, listed: &Value) -> Vec<Value> {
    let listed = || listed.as_array().into_iter().flatten();
    let kind = |one: &Value| {
        let own = |field: &str, other: &str| one[field].as_str().unwrap_or(other).to_owned();
        json!({ "group": own("group", group), "version": own("version", "v1"), "kind": one["kind"] })
    };
    let name = |one: &Value| one["name"].as_str().unwrap_or_default().to_owned();
    let part = |one: &Value, of: &str| {
        let subresource = name(one).strip_prefix(of)?.strip_prefix('/')?.to_owned();
        Some(json!({ "subresource": subresource, "responseKind": kind(one), "verbs": one["verbs"] }))
    };
    let wholes = listed().filter(|one| !name(one).contains('/'));
    wholes
        .map(|one| {
            let mut found = json!({
                "resource": one["name"],
                "responseKind": kind(one),
                "scope": if one["namespaced"] == true { "Namespaced" } else { "Cluster" },
                "singularResource": one["singularName"],
                "verbs": one["verbs"],
            });
            for field in ["shortNames", "categories"] {
                if !one[field].is_null() {
                    found[field] = one[field].clone();
                }
            }
            let parts: Vec<Value> = listed().filter_map(|other| part(other, &name(one))).collect();
            if !parts.is_empty() {
                found["subresources"] = parts.into();
            }
            found
        })
        .collect()
}

/// `/apis/<group>`.
pub async fn group(Path(group): Path<String>) -> Response {
    let Some((group, version)) = GROUPS.iter().find(|(known, _)| *known == group) else {
        return ApiError::no_such_resource().into_response();
    };
    let mut body = about(group, version);
    body["kind"] = "APIGroup".into();
    body["apiVersion"] = "v1".into();
    Json(body).into_response()
}

fn about(group: &str, version: &str) -> Value {
    let one = json!({ "groupVersion": format!("{group}/{version}"), "version": version });
    json!({ "name": group, "versions": [one], "preferredVersion": one })
}

/// `/api/v1`.
pub async fn core_resources() -> Response {
    Json(resources("", "v1")).into_response()
}

/// `/apis/<group>/<version>`.
pub async fn group_resources(Path((group, version)): Path<(String, String)>) -> Response {
    if !GROUPS.contains(&(group.as_str(), version.as_str())) {
        return ApiError::no_such_resource().into_response();
    }
    Json(resources(&group, &version)).into_response()
}

fn resources(group: &str, version: &str) -> Value {
    let mut found: Vec<Value> =
        KINDS.iter().filter(|kind| kind.group == group && kind.version == version).flat_map(entries).collect();
    found.extend(REVIEWS.iter().filter(|(of, _)| *of == group).map(|(_, kind)| {
        let singular = kind.to_lowercase();
        let name = format!("{singular}s");
        json!({ "name": name, "singularName": singular, "namespaced": false, "kind": kind, "verbs": ["create"] })
    }));
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": found })
}

fn entries(kind: &Kind) -> Vec<Value> {
    let mut verbs = vec!["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    verbs.retain(|verb| *verb != "deletecollection" || kind.plural != "namespaces");
    let mut whole = json!({
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": verbs,
    });
    if !kind.short.is_empty() {
        whole["shortNames"] = kind.short.into();
    }
    if kind.in_all {
        whole["categories"] = json!(["all"]);
    }
    let part = |name: &str, of: &str, verbs: &[&str]| {
        json!({
            "name": format!("{}/{name}", kind.plural),
            "singularName": "",
            "namespaced": kind.namespaced,
            "kind": of,
            "verbs": verbs,
        })
    };
    let mut found = vec![whole];
    if kind.status {
        found.push(part("status", kind.kind, &["get", "patch", "update"]));
    }
    if kind.scale {
        let mut scale = part("scale", "Scale", &["get", "patch", "update"]);
        scale["group"] = "autoscaling".into();
        scale["version"] = "v1".into();
        found.push(scale);
    }
    match kind.plural {
        "pods" => {
            found.push(part("log", "Pod", &["get"]));
            let mut eviction = part("eviction", "Eviction", &["create"]);
            eviction["group"] = "policy".into();
            eviction["version"] = "v1".into();
            found.push(eviction);
        }
        "namespaces" => found.push(part("finalize", "Namespace", &["update"])),
        _ => {}
    }
    found
}
