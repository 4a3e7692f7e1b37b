//! The default roles and bindings of a cluster (those of the real server, limited to the supported kinds).

use serde_json::{Value, json};

use crate::kinds::Resource;
use crate::registry;
use crate::store::Store;

const GROUP: &str = "rbac.authorization.k8s.io";

/// Creates the missing ones.
pub fn bootstrap(store: &Store) {
    let objects = roles().into_iter().map(|role| (Resource::ClusterRoles, role));
    for (resource, object) in objects.chain(bindings().into_iter().map(|one| (Resource::ClusterRoleBindings, one))) {
        // Fails when the object already exists.
        let _ = store.write(|write| registry::create_internal(write, resource, "", object));
    }
}

fn named(name: &str) -> Value {
    json!({
        "name": name,
        "labels": { "kubernetes.io/bootstrapping": "rbac-defaults" },
        "annotations": { "rbac.authorization.kubernetes.io/autoupdate": "true" },
    })
}

fn role(name: &str, rules: Value) -> Value {
    json!({ "metadata": named(name), "rules": rules })
}

const CORE: [&str; 7] = ["configmaps", "events", "namespaces", "pods", "pods/log", "resourcequotas", "serviceaccounts"];

fn roles() -> Vec<Value> {
    let read = ["get", "list", "watch"];
    let write = ["create", "delete", "deletecollection", "patch", "update"];
    let rule = |groups: &[&str], resources: &[&str], verbs: &[&str]| json!({ "apiGroups": groups, "resources": resources, "verbs": verbs });
    let view = vec![
        rule(&[""], &CORE, &read),
        rule(&[""], &["services", "services/status"], &read),
        rule(&["apps"], &["deployments", "deployments/scale", "replicasets", "replicasets/scale"], &read),
        rule(&["discovery.k8s.io"], &["endpointslices"], &read),
        rule(&["networking.k8s.io"], &["ingresses", "networkpolicies"], &read),
    ];
    let mut edit = view.clone();
    edit.extend([
        rule(&[""], &["secrets"], &read),
        rule(&[""], &["configmaps", "events", "pods", "secrets", "serviceaccounts", "services"], &write),
        rule(&[""], &["pods/eviction"], &["create"]),
        rule(&["apps"], &["deployments", "deployments/scale", "replicasets", "replicasets/scale"], &write),
        rule(&["coordination.k8s.io"], &["leases"], &[&read[..], &write[..]].concat()),
        rule(&["networking.k8s.io"], &["ingresses", "networkpolicies"], &write),
    ]);
    let mut admin = edit.clone();
    admin.push(rule(&[GROUP], &["roles", "rolebindings"], &[&read[..], &write[..]].concat()));
    let everything = json!([
        { "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] },
        { "nonResourceURLs": ["*"], "verbs": ["*"] },
    ]);
    let discovery = [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/",
    ];
    let about_oneself = json!([
        { "apiGroups": ["authorization.k8s.io"], "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], "verbs": ["create"] },
        { "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"], "verbs": ["create"] },
    ]);
    let public = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
    vec![
        role("cluster-admin", everything),
        role("admin", admin.into()),
        role("edit", edit.into()),
        role("view", view.into()),
        role("system:discovery", json!([{ "nonResourceURLs": discovery, "verbs": ["get"] }])),
        role("system:basic-user", about_oneself),
        role("system:public-info-viewer", json!([{ "nonResourceURLs": public, "verbs": ["get"] }])),
    ]
}

fn bindings() -> Vec<Value> {
    let bound = |role: &str, groups: &[&str]| {
        let subjects: Vec<Value> =
            groups.iter().map(|group| json!({ "apiGroup": GROUP, "kind": "Group", "name": group })).collect();
        let reference = json!({ "apiGroup": GROUP, "kind": "ClusterRole", "name": role });
        json!({ "metadata": named(role), "roleRef": reference, "subjects": subjects })
    };
    vec![
        bound("cluster-admin", &["system:masters"]),
        bound("system:discovery", &["system:authenticated"]),
        bound("system:basic-user", &["system:authenticated"]),
        bound("system:public-info-viewer", &["system:authenticated", "system:unauthenticated"]),
    ]
}
