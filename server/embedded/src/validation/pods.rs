//! Pod specs: containers, volumes, mounts, environment, ports, resources.

use std::collections::HashSet;

use serde_json::Value;

use super::items;
use crate::names;
use crate::quantity::Quantity;
use crate::status::Cause;

pub fn spec(path: &str, spec: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut volumes = HashSet::new();
    for (path, volume) in items(&format!("{path}.volumes"), &spec["volumes"]) {
        causes.extend(name(&path, volume, &mut volumes));
        if volume.as_object().is_some_and(|volume| volume.len() < 2) {
            causes.push(Cause::required(path, "must specify a volume type"));
        }
    }
    let mut taken = HashSet::new();
    if spec["containers"].as_array().is_none_or(Vec::is_empty) {
        causes.push(Cause::required(format!("{path}.containers"), ""));
    }
    for list in ["containers", "initContainers"] {
        for (path, container) in items(&format!("{path}.{list}"), &spec[list]) {
            causes.extend(name(&path, container, &mut taken));
            causes.extend(self::container(&path, container, &volumes));
        }
    }
    let policies = ["Always", "OnFailure", "Never"];
    if spec["restartPolicy"].is_string() && !policies.iter().any(|one| spec["restartPolicy"] == *one) {
        causes.push(Cause::unsupported(format!("{path}.restartPolicy"), &spec["restartPolicy"], &policies));
    }
    causes
}

fn name<'v>(path: &str, named: &'v Value, taken: &mut HashSet<&'v str>) -> Option<Cause> {
    let path = format!("{path}.name");
    let Some(name) = named["name"].as_str().filter(|name| !name.is_empty()) else {
        return Some(Cause::required(path, ""));
    };
    if let Some(why) = names::label(name) {
        return Some(Cause::invalid(path, &name.into(), &why));
    }
    (!taken.insert(name)).then(|| Cause::duplicate(path, &name.into()))
}

fn container(path: &str, container: &Value, volumes: &HashSet<&str>) -> Vec<Cause> {
    let mut causes = Vec::new();
    match container["image"].as_str() {
        None | Some("") => causes.push(Cause::required(format!("{path}.image"), "")),
        Some(image) if image.trim() != image => {
            let why = "must not have leading or trailing whitespace";
            causes.push(Cause::invalid(format!("{path}.image"), &image.into(), why));
        }
        Some(_) => {}
    }
    for (path, port) in items(&format!("{path}.ports"), &container["ports"]) {
        let number = &port["containerPort"];
        if !number.as_i64().is_some_and(|number| (1..=65_535).contains(&number)) {
            let why = "must be between 1 and 65535, inclusive";
            causes.push(Cause::invalid(format!("{path}.containerPort"), number, why));
        }
        if let Some(why) = port["name"].as_str().and_then(names::port_name) {
            causes.push(Cause::invalid(format!("{path}.name"), &port["name"], &why));
        }
    }
    for (path, variable) in items(&format!("{path}.env"), &container["env"]) {
        let name = variable["name"].as_str().unwrap_or_default();
        if name.is_empty() {
            causes.push(Cause::required(format!("{path}.name"), ""));
        } else if let Some(why) = names::environment(name) {
            causes.push(Cause::invalid(format!("{path}.name"), &name.into(), &why));
        }
        let literal = variable["value"].as_str().is_some_and(|value| !value.is_empty());
        if literal && !variable["valueFrom"].is_null() {
            let why = "may not be specified when `value` is not empty";
            causes.push(Cause::invalid(format!("{path}.valueFrom"), &"".into(), why));
        }
    }
    let mut paths = HashSet::new();
    for (path, mount) in items(&format!("{path}.volumeMounts"), &container["volumeMounts"]) {
        let name = mount["name"].as_str().unwrap_or_default();
        if !volumes.contains(name) {
            causes.push(Cause::not_found(format!("{path}.name"), &name.into()));
        }
        let at = mount["mountPath"].as_str().unwrap_or_default();
        if at.is_empty() {
            causes.push(Cause::required(format!("{path}.mountPath"), ""));
        } else if !paths.insert(at) {
            causes.push(Cause::invalid(format!("{path}.mountPath"), &at.into(), "must be unique"));
        }
    }
    causes.extend(resources(&format!("{path}.resources"), &container["resources"]));
    causes
}

fn resources(path: &str, resources: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    let amount = |list: &str, name: &str| resources[list][name].as_str().and_then(Quantity::parse);
    for list in ["limits", "requests"] {
        for (name, value) in resources[list].as_object().into_iter().flatten() {
            if amount(list, name).is_none() {
                let why = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
                causes.push(Cause::invalid(format!("{path}.{list}.{name}"), value, why));
            }
        }
    }
    for (name, value) in resources["requests"].as_object().into_iter().flatten() {
        let (asked, limit) = (amount("requests", name), amount("limits", name));
        if let Some(limit) = limit.filter(|limit| asked.is_some_and(|asked| asked > *limit)) {
            let why = format!("must be less than or equal to {name} limit of {limit}");
            causes.push(Cause::invalid(format!("{path}.requests"), value, &why));
        }
    }
    causes
}

/// Checks that only images, tolerations, deadline, grace period, node name and scheduling gates of a pod's spec change.
pub fn unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    let fixed = |pod: &Value| {
        let mut spec = pod["spec"].clone();
        for list in ["containers", "initContainers"] {
            for container in spec[list].as_array_mut().into_iter().flatten() {
                container["image"] = Value::Null;
            }
        }
        for field in
            ["tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds", "nodeName", "schedulingGates"]
        {
            spec.as_object_mut().map(|spec| spec.remove(field));
        }
        spec
    };
    if fixed(old) == fixed(new) {
        return Vec::new();
    }
    let why = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
               `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
               `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    vec![Cause::forbidden("spec", why)]
}
