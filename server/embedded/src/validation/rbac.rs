//! Roles and bindings (k8s.io/kubernetes `pkg/apis/rbac/validation`).

use serde_json::Value;

use super::items;
use crate::kinds::Resource;
use crate::status::Cause;

const GROUP: &str = "rbac.authorization.k8s.io";

pub fn role(resource: Resource, object: &Value) -> Vec<Cause> {
    items("rules", &object["rules"]).flat_map(|(path, rule)| self::rule(resource, &path, rule)).collect()
}

fn rule(resource: Resource, path: &str, rule: &Value) -> Vec<Cause> {
    let empty = |field: &str| rule[field].as_array().is_none_or(Vec::is_empty);
    let mut causes = Vec::new();
    if empty("verbs") {
        causes.push(Cause::required(format!("{path}.verbs"), "verbs must contain at least one value"));
    }
    if !empty("nonResourceURLs") {
        let urls = &rule["nonResourceURLs"];
        if resource == Resource::Roles {
            let why = "namespaced rules cannot apply to non-resource URLs";
            causes.push(Cause::invalid(format!("{path}.nonResourceURLs"), urls, why));
        }
        if ["apiGroups", "resources", "resourceNames"].iter().any(|field| !empty(field)) {
            let why = "rules cannot apply to both regular resources and non-resource URLs";
            causes.push(Cause::invalid(format!("{path}.nonResourceURLs"), urls, why));
        }
        return causes;
    }
    if empty("apiGroups") {
        causes.push(Cause::required(format!("{path}.apiGroups"), "resource rules must supply at least one api group"));
    }
    if empty("resources") {
        causes.push(Cause::required(format!("{path}.resources"), "resource rules must supply at least one resource"));
    }
    causes
}

pub fn binding(resource: Resource, object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    let role = &object["roleRef"];
    if role["apiGroup"] != GROUP {
        causes.push(Cause::unsupported("roleRef.apiGroup", &role["apiGroup"], &[GROUP]));
    }
    let kinds: &[&str] = if resource == Resource::RoleBindings { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    if !kinds.iter().any(|kind| role["kind"] == *kind) {
        causes.push(Cause::unsupported("roleRef.kind", &role["kind"], kinds));
    }
    if role["name"].as_str().is_none_or(str::is_empty) {
        causes.push(Cause::required("roleRef.name", ""));
    }
    for (path, subject) in items("subjects", &object["subjects"]) {
        causes.extend(self::subject(resource, &path, subject));
    }
    causes
}

fn subject(resource: Resource, path: &str, subject: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if subject["name"].as_str().is_none_or(str::is_empty) {
        causes.push(Cause::required(format!("{path}.name"), ""));
    }
    let group = subject["apiGroup"].as_str().unwrap_or_default();
    let wanted = match subject["kind"].as_str() {
        Some("ServiceAccount") => "",
        Some("User" | "Group") => GROUP,
        _ => {
            let kinds = ["ServiceAccount", "User", "Group"];
            causes.push(Cause::unsupported(format!("{path}.kind"), &subject["kind"], &kinds));
            return causes;
        }
    };
    if group != wanted {
        causes.push(Cause::unsupported(format!("{path}.apiGroup"), &group.into(), &[wanted]));
    }
    let placed = subject["namespace"].as_str().is_some_and(|namespace| !namespace.is_empty());
    if subject["kind"] == "ServiceAccount" && resource == Resource::ClusterRoleBindings && !placed {
        causes.push(Cause::required(format!("{path}.namespace"), ""));
    }
    causes
}

/// Checks that `roleRef` does not change; another role needs another binding.
pub fn unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    if old["roleRef"] == new["roleRef"] {
        return Vec::new();
    }
    vec![Cause::invalid("roleRef", &new["roleRef"], "cannot change roleRef")]
}
