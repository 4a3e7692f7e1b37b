//! The write path: the steps of the real API server's registry between the request and the store. Objects are converted
//! to the typed form of their kind and back, which rejects wrong types and drops unknown fields, as in the real server.

use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet},
    coordination::v1::Lease,
    core::v1::{ConfigMap, Event, Namespace, Pod, ResourceQuota, Secret, Service, ServiceAccount},
    discovery::v1::EndpointSlice,
    networking::v1::{Ingress, NetworkPolicy},
    rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding},
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kinds::{Kind, Resource};
use crate::status::ApiError;

pub use create::{create, create_internal};
pub use delete::{DeleteOptions, FOREGROUND, ORPHAN, Preconditions, Propagation, delete, finish_if_final};
pub use update::{UpdateOptions, update};

pub mod defaults;

mod admission;
mod create;
mod delete;
mod update;

/// The object after a conversion through its typed form.
///
/// # Errors
/// 400 when a field has the wrong type.
pub fn shaped(kind: &Kind, object: Value) -> Result<Value, ApiError> {
    let shape = match kind.id {
        Resource::Namespaces => through::<Namespace>,
        Resource::ConfigMaps => through::<ConfigMap>,
        Resource::Secrets => through::<Secret>,
        Resource::Services => through::<Service>,
        Resource::ServiceAccounts => through::<ServiceAccount>,
        Resource::Pods => through::<Pod>,
        Resource::Events => through::<Event>,
        Resource::Quotas => through::<ResourceQuota>,
        Resource::Deployments => through::<Deployment>,
        Resource::ReplicaSets => through::<ReplicaSet>,
        Resource::EndpointSlices => through::<EndpointSlice>,
        Resource::Ingresses => through::<Ingress>,
        Resource::NetworkPolicies => through::<NetworkPolicy>,
        Resource::Leases => through::<Lease>,
        Resource::Roles => through::<Role>,
        Resource::RoleBindings => through::<RoleBinding>,
        Resource::ClusterRoles => through::<ClusterRole>,
        Resource::ClusterRoleBindings => through::<ClusterRoleBinding>,
    };
    shape(object).map_err(|error| {
        ApiError::bad_request(format!(
            "{} in version \"{}\" cannot be handled as a {}: {error}",
            kind.kind, kind.version, kind.kind
        ))
    })
}

fn through<T: DeserializeOwned + Serialize>(object: Value) -> serde_json::Result<Value> {
    serde_json::to_value(serde_json::from_value::<T>(object)?)
}

/// Paths of the fields in `given` that `kept` lacks, for strict field validation.
pub fn unknown_fields(given: &Value, kept: &Value) -> Vec<String> {
    let mut found = Vec::new();
    lost(given, kept, String::new(), &mut found);
    found
}

fn lost(given: &Value, kept: &Value, here: String, found: &mut Vec<String>) {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            for (name, value) in given {
                let path = if here.is_empty() { name.clone() } else { format!("{here}.{name}") };
                match kept.get(name) {
                    Some(kept) => lost(value, kept, path, found),
                    // The typed form also drops empty values, which are not unknown fields.
                    None if value.is_null() || is_empty(value) => {}
                    None => found.push(path),
                }
            }
        }
        (Value::Array(given), Value::Array(kept)) => {
            for (at, (given, kept)) in given.iter().zip(kept).enumerate() {
                lost(given, kept, format!("{here}[{at}]"), found);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
