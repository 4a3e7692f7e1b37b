//! What an object counts against a ResourceQuota.

use serde_json::Value;

use crate::kinds::Resource;
use crate::quantity::Quantity;

/// How much of the quota's resource `name` the object uses.
pub fn usage(name: &str, resource: Resource, object: &Value) -> Quantity {
    let kind = resource.kind();
    if name == kind.plural && kind.group.is_empty() || name.strip_prefix("count/") == Some(kind.qualified().as_str()) {
        // A pod that has ended no longer counts.
        let ended = resource == Resource::Pods && has_ended(object);
        return Quantity::count(i64::from(!ended));
    }
    if resource != Resource::Pods || has_ended(object) {
        return Quantity::ZERO;
    }
    let (list, amount) = match name {
        "cpu" | "requests.cpu" => ("requests", "cpu"),
        "memory" | "requests.memory" => ("requests", "memory"),
        "limits.cpu" => ("limits", "cpu"),
        "limits.memory" => ("limits", "memory"),
        "requests.nvidia.com/gpu" => ("requests", "nvidia.com/gpu"),
        _ => return Quantity::ZERO,
    };
    let containers = object["spec"]["containers"].as_array().into_iter().flatten();
    containers.fold(Quantity::ZERO, |sum, container| {
        let text = &container["resources"][list][amount];
        sum + text.as_str().and_then(Quantity::parse).unwrap_or(Quantity::ZERO)
    })
}

fn has_ended(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}
