//! Identities and role-based access control, enforced as in the real API server.
//!
//! A request without an identity is an administrator's (`system:masters`). The impersonation headers of Kubernetes
//! select another identity, which is subject to roles and bindings.

use serde_json::Value;

use crate::kinds::Kind;

pub use authorizer::{Objects, decide, rules_of};
pub use bootstrap::bootstrap;
pub use escalation::confirm;
pub use identity::UserIdentity;

mod authorizer;
mod bootstrap;
mod escalation;
mod identity;
mod rules;

/// The target of the verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Resource {
        group: String,
        /// The plural name.
        resource: String,
        /// Empty for the object itself.
        subresource: String,
        /// Empty for collections.
        name: String,
        /// Empty for cluster-wide kinds and for all namespaces.
        namespace: String,
    },
    /// A path that is not a resource, such as `/version`.
    Path(String),
}

/// A verb and its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    pub verb: String,
    pub place: Place,
}

impl Attributes {
    /// `verb` on a kind.
    pub fn on(kind: &Kind, verb: &str, subresource: &str, name: &str, namespace: &str) -> Attributes {
        let place = Place::Resource {
            group: kind.group.to_owned(),
            resource: kind.plural.to_owned(),
            subresource: subresource.to_owned(),
            name: name.to_owned(),
            namespace: namespace.to_owned(),
        };
        Attributes { verb: verb.to_owned(), place }
    }

    /// `verb` on a path.
    pub fn path(verb: &str, path: &str) -> Attributes {
        Attributes { verb: verb.to_owned(), place: Place::Path(path.to_owned()) }
    }

    /// Parses the `spec` of an access review; `None` unless it has exactly one of the two attribute fields.
    pub fn of_review(spec: &Value) -> Option<Attributes> {
        let (resource, path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
        let text = |of: &Value, field: &str| of[field].as_str().unwrap_or_default().to_owned();
        match (resource.is_object(), path.is_object()) {
            (true, false) => {
                let place = Place::Resource {
                    group: text(resource, "group"),
                    resource: text(resource, "resource"),
                    subresource: text(resource, "subresource"),
                    name: text(resource, "name"),
                    namespace: text(resource, "namespace"),
                };
                Some(Attributes { verb: text(resource, "verb"), place })
            }
            (false, true) => Some(Attributes { verb: text(path, "verb"), place: Place::Path(text(path, "path")) }),
            _ => None,
        }
    }

    /// The namespace whose role bindings apply; empty for none.
    pub fn namespace(&self) -> &str {
        match &self.place {
            Place::Resource { namespace, .. } => namespace,
            Place::Path(_) => "",
        }
    }
}
