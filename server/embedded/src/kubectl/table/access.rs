//! Columns and rows of roles, bindings, quotas and network policies.

use serde_json::Value;

use super::{Column, listed};
use crate::meta;

pub const ROLES: &[Column] = &[("Created At", false)];

pub const BINDINGS: &[Column] =
    &[("Role", false), ("Age", false), ("Users", true), ("Groups", true), ("ServiceAccounts", true)];

pub const QUOTAS: &[Column] = &[("Request", false), ("Limit", false), ("Age", false)];

pub const NETWORK_POLICIES: &[Column] = &[("Pod-Selector", false), ("Age", false)];

pub fn role(object: &Value) -> Vec<Value> {
    vec![meta::text(object, "creationTimestamp").into()]
}

pub fn binding(object: &Value, age: Value) -> Vec<Value> {
    let text = |of: &Value, field: &str| of[field].as_str().unwrap_or_default().to_owned();
    let role = format!("{}/{}", text(&object["roleRef"], "kind"), text(&object["roleRef"], "name"));
    let of_kind = |kind: &str| {
        let subjects = object["subjects"].as_array().into_iter().flatten().filter(|one| one["kind"] == kind);
        let names: Vec<String> = subjects
            .map(|one| match one["namespace"].as_str() {
                Some(namespace) => format!("{namespace}/{}", text(one, "name")),
                None => text(one, "name"),
            })
            .collect();
        if names.is_empty() { "".into() } else { listed(&names) }
    };
    vec![role.into(), age, of_kind("User"), of_kind("Group"), of_kind("ServiceAccount")]
}

pub fn quota(object: &Value, age: Value) -> Vec<Value> {
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    for (name, hard) in object["status"]["hard"].as_object().into_iter().flatten() {
        let used = object["status"]["used"][name].as_str().unwrap_or("0");
        let line = format!("{name}: {used}/{}", hard.as_str().unwrap_or_default());
        if name.starts_with("limits.") { limits.push(line) } else { requests.push(line) }
    }
    vec![requests.join(", ").into(), limits.join(", ").into(), age]
}
