//! How much an object counts toward a ResourceQuota.

use serde_json::Value;

use crate::kinds::Resource;
use crate::quantity::Quantity;

/// The object's usage of the quota resource `name`.
pub fn usage(name: &str, resource: Resource, object: &Value) -> Quantity {
    let kind = resource.kind();
    if name == kind.plural && kind.group.is_empty() || name.strip_prefix("count/") == Some(kind.qualified().as_str()) {
        // A finished pod no longer counts.
        let ended = resource == Resource::Pods && has_ended(object);
        return Quantity::count(i64::from(!ended));
    }
    if resource != Resource::Pods || has_ended(object) {
        return Quantity::ZERO;
    }
    let Some((list, amount)) = place(name) else { return Quantity::ZERO };
    let containers = object["spec"]["containers"].as_array().into_iter().flatten();
    containers.fold(Quantity::ZERO, |sum, container| {
        let text = &container["resources"][list][amount];
        sum + text.as_str().and_then(Quantity::parse).unwrap_or(Quantity::ZERO)
    })
}

/// Where a container specifies its amount of a quota resource: the list and the name in it.
fn place(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "cpu" | "requests.cpu" => ("requests", "cpu"),
        "memory" | "requests.memory" => ("requests", "memory"),
        "limits.cpu" => ("limits", "cpu"),
        "limits.memory" => ("limits", "memory"),
        "requests.nvidia.com/gpu" => ("requests", "nvidia.com/gpu"),
        _ => return None,
    })
}

/// The error when containers lack the CPU or memory amounts that this quota requires; `None` when the pod is complete.
pub fn unnamed(quota: &Value, resource: Resource, pod: &Value) -> Option<String> {
    if resource != Resource::Pods {
        return None;
    }
    let containers = || {
        let lists = ["containers", "initContainers"].into_iter().filter_map(|list| pod["spec"][list].as_array());
        lists.flatten()
    };
    let mut missing = Vec::new();
    for name in quota["spec"]["hard"].as_object()?.keys() {
        let Some((list, amount)) = place(name).filter(|(_, amount)| matches!(*amount, "cpu" | "memory")) else {
            continue;
        };
        let mut silent: Vec<&str> = containers()
            .filter(|container| container["resources"][list][amount].is_null())
            .filter_map(|container| container["name"].as_str())
            .collect();
        silent.sort_unstable();
        if !silent.is_empty() {
            missing.push(format!("{name} for: {}", silent.join(",")));
        }
    }
    (!missing.is_empty()).then(|| format!("must specify {}", missing.join("; ")))
}

fn has_ended(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}
