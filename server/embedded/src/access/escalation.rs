//! Prevention of privilege escalation: users cannot grant permissions they do not have, so writes of roles and bindings
//! are checked (k8s.io/kubernetes `pkg/registry/rbac/*/policybased`).

use serde_json::{Value, json};

use super::authorizer::{self, Objects, decide, rules_of};
use super::identity::UserIdentity;
use super::rules;
use super::{Attributes, Place};
use crate::kinds::{Kind, Resource};
use crate::meta;
use crate::status::ApiError;

/// Checks a write of `new` by `who`; `old` is the previous object. Kinds other than roles and bindings pass.
///
/// # Errors
/// 403 with the missing permissions, 404 for a binding to a role that does not exist.
pub fn confirm(
    objects: &impl Objects,
    who: &UserIdentity,
    kind: &Kind,
    old: Option<&Value>,
    new: &Value,
) -> Result<(), ApiError> {
    let is_role = matches!(kind.id, Resource::Roles | Resource::ClusterRoles);
    let is_binding = matches!(kind.id, Resource::RoleBindings | Resource::ClusterRoleBindings);
    if who.is_master() || !(is_role || is_binding) || old.is_some_and(|old| same_but_for_collection(old, new)) {
        return Ok(());
    }
    let (name, namespace) = (meta::name(new), meta::namespace(new));
    let wanted = if is_role {
        // The real server checks with the name from the request path, which a create does not have.
        let asked = if old.is_some() { name } else { "" };
        if decide(objects, who, &Attributes::on(kind, "escalate", "", asked, namespace)).allowed {
            return Ok(());
        }
        gathered(new)
    } else {
        let role = &new["roleRef"];
        if decide(objects, who, &bind(role, namespace)).allowed {
            return Ok(());
        }
        authorizer::rules_of_role(objects, role, namespace).map_err(|_| no_such_role(role))?
    };
    let missing = rules::missing(&rules_of(objects, who, namespace), &wanted);
    if missing.is_empty() {
        return Ok(());
    }
    let groups: Vec<String> = who.groups.iter().map(|group| format!("{group:?}")).collect();
    let why = format!(
        "user {:?} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
        who.user,
        groups.join(" "),
        missing.join("\n")
    );
    Err(ApiError::forbidden(kind, name, &why))
}

/// The rules of a role; a role that aggregates others may come to allow anything.
fn gathered(role: &Value) -> Vec<Value> {
    let mut rules = role["rules"].as_array().cloned().unwrap_or_default();
    if !role["aggregationRule"].is_null() {
        rules.push(json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] }));
        rules.push(json!({ "verbs": ["*"], "nonResourceURLs": ["*"] }));
    }
    rules
}

fn bind(role: &Value, namespace: &str) -> Attributes {
    let resource = if role["kind"] == "ClusterRole" { "clusterroles" } else { "roles" };
    let place = Place::Resource {
        group: "rbac.authorization.k8s.io".to_owned(),
        resource: resource.to_owned(),
        subresource: String::new(),
        name: role["name"].as_str().unwrap_or_default().to_owned(),
        namespace: namespace.to_owned(),
    };
    Attributes { verb: "bind".to_owned(), place }
}

fn no_such_role(role: &Value) -> ApiError {
    let kind = if role["kind"] == "ClusterRole" { Resource::ClusterRoles } else { Resource::Roles };
    ApiError::not_found(kind.kind(), role["name"].as_str().unwrap_or_default())
}

/// Whether the write changes only fields that the garbage collector changes.
fn same_but_for_collection(old: &Value, new: &Value) -> bool {
    let bare = |object: &Value| {
        let mut object = object.clone();
        for field in ["ownerReferences", "finalizers", "managedFields", "resourceVersion"] {
            meta::clear(&mut object, field);
        }
        object
    };
    bare(old) == bare(new)
}
