//! Services and Ingresses.

use std::collections::HashSet;

use serde_json::Value;

use super::{items, metadata};
use crate::meta;
use crate::names;
use crate::status::Cause;

const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";

pub fn service(object: &Value) -> Vec<Cause> {
    let spec = &object["spec"];
    let mut causes = metadata::labels("spec.selector", &spec["selector"]);
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    if !types.iter().any(|one| spec["type"] == *one) {
        causes.push(Cause::unsupported("spec.type", &spec["type"], &types));
    }
    let ports = spec["ports"].as_array().map_or(0, Vec::len);
    let headless = spec["clusterIP"] == "None";
    if ports == 0 && !headless && spec["type"] != "ExternalName" {
        causes.push(Cause::required("spec.ports", ""));
    }
    let (mut taken_names, mut taken_ports) = (HashSet::new(), HashSet::new());
    for (path, port) in items("spec.ports", &spec["ports"]) {
        match port["name"].as_str() {
            None | Some("") if ports > 1 => causes.push(Cause::required(format!("{path}.name"), "")),
            Some(name) if !name.is_empty() => {
                if let Some(why) = names::label(name) {
                    causes.push(Cause::invalid(format!("{path}.name"), &name.into(), &why));
                }
                if !taken_names.insert(name) {
                    causes.push(Cause::duplicate(format!("{path}.name"), &name.into()));
                }
            }
            _ => {}
        }
        if !port_in_range(&port["port"]) {
            causes.push(Cause::invalid(format!("{path}.port"), &port["port"], PORT_RANGE));
        }
        if !["SCTP", "TCP", "UDP"].iter().any(|one| port["protocol"] == *one) {
            causes.push(Cause::unsupported(format!("{path}.protocol"), &port["protocol"], &["SCTP", "TCP", "UDP"]));
        }
        causes.extend(target_port(&format!("{path}.targetPort"), &port["targetPort"]));
        if !taken_ports.insert((port["port"].as_i64(), port["protocol"].as_str())) {
            causes.push(Cause::duplicate(path, port));
        }
    }
    causes
}

fn port_in_range(port: &Value) -> bool {
    port.as_i64().is_some_and(|port| (1..=65_535).contains(&port))
}

fn target_port(path: &str, port: &Value) -> Option<Cause> {
    match port {
        Value::Number(_) => (!port_in_range(port)).then(|| Cause::invalid(path, port, PORT_RANGE)),
        Value::String(name) => names::port_name(name).map(|why| Cause::invalid(path, port, &why)),
        _ => None,
    }
}

pub fn service_unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    let (before, after) = (&old["spec"]["clusterIP"], &new["spec"]["clusterIP"]);
    let keeps_kind = old["spec"]["type"] != "ExternalName" && new["spec"]["type"] != "ExternalName";
    if keeps_kind && before.is_string() && before != after {
        let shown = Value::Array(vec![after.clone()]);
        return vec![Cause::invalid("spec.clusterIPs[0]", &shown, "may not change once set")];
    }
    Vec::new()
}

pub fn ingress(object: &Value, minor: u32) -> Vec<Cause> {
    let spec = &object["spec"];
    let mut causes = Vec::new();
    let rules = spec["rules"].as_array().map_or(0, Vec::len);
    if rules == 0 && spec["defaultBackend"].is_null() {
        let why = "either `defaultBackend` or `rules` must be specified";
        causes.push(Cause::invalid("spec", &Value::Null, why));
    }
    if !spec["defaultBackend"].is_null() {
        causes.extend(backend("spec.defaultBackend", &spec["defaultBackend"], minor));
    }
    for (path, rule) in items("spec.rules", &spec["rules"]) {
        if let Some(host) = rule["host"].as_str().filter(|host| !host.is_empty()) {
            let bare = host.strip_prefix("*.").unwrap_or(host);
            if let Some(why) = names::subdomain(bare) {
                causes.push(Cause::invalid(format!("{path}.host"), &host.into(), &why));
            }
        }
        for (path, one) in items(&format!("{path}.http.paths"), &rule["http"]["paths"]) {
            causes.extend(ingress_path(&path, one, minor));
        }
    }
    for (path, tls) in items("spec.tls", &spec["tls"]) {
        for (path, host) in items(&format!("{path}.hosts"), &tls["hosts"]) {
            let text = host.as_str().unwrap_or_default();
            if let Some(why) = names::subdomain(text.strip_prefix("*.").unwrap_or(text)) {
                causes.push(Cause::invalid(path, host, &why));
            }
        }
    }
    if let Some(class) = spec["ingressClassName"].as_str() {
        if let Some(why) = names::subdomain(class) {
            causes.push(Cause::invalid("spec.ingressClassName", &class.into(), &why));
        }
        if !object["metadata"]["annotations"]["kubernetes.io/ingress.class"].is_null() && meta::revision(object) == 0 {
            let why = "can not be set when the class field is also set";
            causes.push(Cause::invalid("metadata.annotations", &class.into(), why));
        }
    }
    causes
}

fn ingress_path(path: &str, one: &Value, minor: u32) -> Vec<Cause> {
    let mut causes = Vec::new();
    let types = ["Exact", "ImplementationSpecific", "Prefix"];
    match one["pathType"].as_str() {
        None => causes.push(Cause::required(format!("{path}.pathType"), "pathType must be specified")),
        Some(kind) if !types.contains(&kind) => {
            causes.push(Cause::unsupported(format!("{path}.pathType"), &kind.into(), &types));
        }
        Some(kind) => {
            let text = one["path"].as_str().unwrap_or_default();
            let may_be_empty = kind == "ImplementationSpecific";
            if !text.starts_with('/') && (!text.is_empty() || !may_be_empty) {
                let why = "must be an absolute path";
                causes.push(Cause::invalid(format!("{path}.path"), &text.into(), why));
            }
        }
    }
    causes.extend(backend(&format!("{path}.backend"), &one["backend"], minor));
    causes
}

fn backend(path: &str, backend: &Value, minor: u32) -> Vec<Cause> {
    let service = &backend["service"];
    if !backend["resource"].is_null() && service.is_null() {
        return Vec::new();
    }
    let mut causes = Vec::new();
    match service["name"].as_str().filter(|name| !name.is_empty()) {
        None => causes.push(Cause::required(format!("{path}.service.name"), "")),
        Some(name) => {
            if let Some(why) = names::service(name, minor) {
                causes.push(Cause::invalid(format!("{path}.service.name"), &name.into(), &why));
            }
        }
    }
    let (name, number) = (&service["port"]["name"], &service["port"]["number"]);
    match (name.as_str().filter(|name| !name.is_empty()), number.as_i64().filter(|number| *number != 0)) {
        (None, None) => causes.push(Cause::required(path, "port name or number is required")),
        (Some(_), Some(_)) => causes.push(Cause::invalid(path, name, "cannot set both port name & port number")),
        (Some(text), None) => {
            if let Some(why) = names::port_name(text) {
                causes.push(Cause::invalid(format!("{path}.service.port.name"), name, &why));
            }
        }
        (None, Some(_)) if !port_in_range(number) => {
            causes.push(Cause::invalid(format!("{path}.service.port.number"), number, PORT_RANGE));
        }
        (None, Some(_)) => {}
    }
    causes
}
