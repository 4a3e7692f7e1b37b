//! Validation, which fails with 422: the rules of Kubernetes' `pkg/apis/*/validation` for the supported kinds.

use serde_json::Value;

use crate::kinds::{Kind, Resource};
use crate::status::Cause;

mod data;
mod metadata;
mod network;
mod pods;
mod rbac;
mod workloads;

/// All problems of a new object, by the rules of Kubernetes 1.`minor`.
pub fn created(kind: &Kind, object: &Value, minor: u32) -> Vec<Cause> {
    let mut causes = metadata::check(kind, object, minor);
    causes.extend(content(kind.id, object, minor));
    causes
}

/// All problems of an updated object.
pub fn updated(kind: &Kind, old: &Value, new: &Value, minor: u32) -> Vec<Cause> {
    let mut causes = metadata::check(kind, new, minor);
    causes.extend(metadata::unchanged(old, new));
    causes.extend(content(kind.id, new, minor));
    causes.extend(match kind.id {
        Resource::ConfigMaps | Resource::Secrets => data::unchanged(old, new),
        Resource::Services => network::service_unchanged(old, new),
        Resource::Deployments | Resource::ReplicaSets => workloads::unchanged(old, new),
        Resource::Pods => pods::unchanged(old, new),
        Resource::RoleBindings | Resource::ClusterRoleBindings => rbac::unchanged(old, new),
        _ => Vec::new(),
    });
    causes
}

fn content(resource: Resource, object: &Value, minor: u32) -> Vec<Cause> {
    match resource {
        Resource::ConfigMaps => data::config_map(object),
        Resource::Secrets => data::secret(object),
        Resource::Services => network::service(object),
        Resource::Ingresses => network::ingress(object, minor),
        Resource::NetworkPolicies => metadata::selector("spec.podSelector", &object["spec"]["podSelector"]),
        Resource::Pods => pods::spec("spec", &object["spec"]),
        Resource::Deployments | Resource::ReplicaSets => workloads::check(object),
        Resource::Leases => lease(object),
        Resource::Roles | Resource::ClusterRoles => rbac::role(resource, object),
        Resource::RoleBindings | Resource::ClusterRoleBindings => rbac::binding(resource, object),
        _ => Vec::new(),
    }
}

/// Numbers only: who holds a Lease, and since when, is for its clients to decide.
fn lease(object: &Value) -> Vec<Cause> {
    let least = [("leaseDurationSeconds", 1, "greater than 0"), ("leaseTransitions", 0, "greater than or equal to 0")];
    let too_small = least.into_iter().filter(|(field, least, _)| object["spec"][*field].as_i64() < Some(*least));
    let given = too_small.filter(|(field, ..)| !object["spec"][*field].is_null());
    given
        .map(|(field, _, why)| {
            Cause::invalid(format!("spec.{field}"), &object["spec"][field], &format!("must be {why}"))
        })
        .collect()
}

/// `prefix.field`, `prefix[3]`.
fn at(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// The items of a list with their paths.
fn items<'v>(path: &str, list: &'v Value) -> impl Iterator<Item = (String, &'v Value)> {
    let path = path.to_owned();
    list.as_array().into_iter().flatten().enumerate().map(move |(index, item)| (at(&path, index), item))
}
