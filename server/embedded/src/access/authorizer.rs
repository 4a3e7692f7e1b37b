//! Authorization of an identity through its bindings and their rules (k8s.io/kubernetes
//! `plugin/pkg/auth/authorizer/rbac`).

use serde_json::Value;

use super::Attributes;
use super::identity::UserIdentity;
use super::rules;
use crate::kinds::Resource;
use crate::meta;
use crate::store::{Key, Object, Store, Write};

/// The source of roles and bindings.
pub trait Objects {
    fn one(&self, key: &Key) -> Option<Object>;
    fn all(&self, resource: Resource, namespace: Option<&str>) -> Vec<Object>;
}

impl Objects for Store {
    fn one(&self, key: &Key) -> Option<Object> {
        self.get(key)
    }

    fn all(&self, resource: Resource, namespace: Option<&str>) -> Vec<Object> {
        self.list(resource, namespace).0
    }
}

impl Objects for Write<'_> {
    fn one(&self, key: &Key) -> Option<Object> {
        self.get(key)
    }

    fn all(&self, resource: Resource, namespace: Option<&str>) -> Vec<Object> {
        self.list(resource, namespace).collect()
    }
}

/// The result of an authorization check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// The reason, in the wording of the real server; may be empty.
    pub reason: String,
}

/// Decides whether `who` may do what is `asked`.
pub fn decide(objects: &impl Objects, who: &UserIdentity, asked: &Attributes) -> Decision {
    if who.is_master() {
        return Decision { allowed: true, reason: String::new() };
    }
    let mut broken = Vec::new();
    for grant in grants(objects, who, asked.namespace()) {
        match grant.rules {
            Ok(found) if found.iter().any(|rule| rules::allows(rule, asked)) => {
                return Decision { allowed: true, reason: grant.words };
            }
            Ok(_) => {}
            Err(missing) => broken.push(missing),
        }
    }
    let reason = match broken.as_slice() {
        [] => String::new(),
        [one] => format!("RBAC: {one}"),
        many => format!("RBAC: [{}]", many.join(", ")),
    };
    Decision { allowed: false, reason }
}

/// All rules that apply to `who` in a namespace (empty: only cluster-wide rules).
pub fn rules_of(objects: &impl Objects, who: &UserIdentity, namespace: &str) -> Vec<Value> {
    grants(objects, who, namespace).filter_map(|grant| grant.rules.ok()).flatten().collect()
}

/// The permissions of one binding.
struct Grant {
    /// `Err` with a message when the role is missing.
    rules: Result<Vec<Value>, String>,
    words: String,
}

fn grants<'a>(objects: &'a impl Objects, who: &'a UserIdentity, namespace: &'a str) -> impl Iterator<Item = Grant> {
    let cluster = objects.all(Resource::ClusterRoleBindings, None);
    let local = if namespace.is_empty() { Vec::new() } else { objects.all(Resource::RoleBindings, Some(namespace)) };
    cluster.into_iter().chain(local).filter_map(move |binding| {
        let place = meta::namespace(&binding);
        let subject = binding["subjects"].as_array()?.iter().find(|subject| who.is(subject, place))?;
        let role = &binding["roleRef"];
        let name = match place {
            "" => format!("ClusterRoleBinding {:?}", meta::name(&binding)),
            place => format!("RoleBinding \"{}/{place}\"", meta::name(&binding)),
        };
        let text = |of: &Value, field: &str| of[field].as_str().unwrap_or_default().to_owned();
        let subject_name = match subject["namespace"].as_str() {
            Some(namespace) => format!("{}/{namespace}", text(subject, "name")),
            None => text(subject, "name"),
        };
        let words = format!(
            "RBAC: allowed by {name} of {} {:?} to {} {subject_name:?}",
            text(role, "kind"),
            text(role, "name"),
            text(subject, "kind"),
        );
        Some(Grant { rules: rules_of_role(objects, role, place), words })
    })
}

/// The rules of the role that a binding in `namespace` names.
///
/// # Errors
/// The message of the real server when the role does not exist.
pub fn rules_of_role(objects: &impl Objects, role: &Value, namespace: &str) -> Result<Vec<Value>, String> {
    let name = role["name"].as_str().unwrap_or_default();
    let key = match role["kind"].as_str() {
        Some("ClusterRole") => Key::new(Resource::ClusterRoles, "", name),
        _ => Key::new(Resource::Roles, namespace, name),
    };
    let found = objects.one(&key).ok_or_else(|| format!("{} {name:?} not found", key.resource.kind().qualified()))?;
    Ok(found["rules"].as_array().cloned().unwrap_or_default())
}
