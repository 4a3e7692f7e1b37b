//! Rows of Services, EndpointSlices and Ingresses.

use serde_json::Value;

use super::{Column, joined, listed};

pub const SERVICES: &[Column] = &[
    ("Type", false),
    ("Cluster-IP", false),
    ("External-IP", false),
    ("Port(s)", false),
    ("Age", false),
    ("Selector", true),
];

pub const ENDPOINT_SLICES: &[Column] =
    &[("AddressType", false), ("Ports", false), ("Endpoints", false), ("Age", false)];

pub const INGRESSES: &[Column] =
    &[("Class", false), ("Hosts", false), ("Address", false), ("Ports", false), ("Age", false)];

fn texts<'v>(list: &'v Value, text: impl Fn(&'v Value) -> Option<String>) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(text).collect()
}

pub fn service(service: &Value, age: Value) -> Vec<Value> {
    let spec = &service["spec"];
    let ports = texts(&spec["ports"], |port| Some(format!("{}/{}", port["port"], port["protocol"].as_str()?)));
    let address = if spec["clusterIP"].is_string() { spec["clusterIP"].clone() } else { "<none>".into() };
    let external = if spec["type"] == "LoadBalancer" { "<pending>".into() } else { "<none>".into() };
    vec![spec["type"].clone(), address, external, listed(&ports), age, joined(&spec["selector"])]
}

pub fn endpoint_slice(slice: &Value, age: Value) -> Vec<Value> {
    let mut ports = texts(&slice["ports"], |port| Some(port["port"].to_string()));
    let mut addresses = texts(&slice["endpoints"], |one| Some(one["addresses"][0].as_str()?.to_owned()));
    shorten(&mut ports);
    shorten(&mut addresses);
    let unset = |texts: &[String]| if texts.is_empty() { Value::from("<unset>") } else { texts.join(",").into() };
    vec![slice["addressType"].clone(), unset(&ports), unset(&addresses), age]
}

/// Keeps three entries and counts the rest.
fn shorten(texts: &mut Vec<String>) {
    if texts.len() > 3 {
        let more = texts.len() - 3;
        texts.truncate(3);
        if let Some(last) = texts.last_mut() {
            last.push_str(&format!(" + {more} more..."));
        }
    }
}

pub fn ingress(ingress: &Value, age: Value) -> Vec<Value> {
    let spec = &ingress["spec"];
    let class = if spec["ingressClassName"].is_string() { spec["ingressClassName"].clone() } else { "<none>".into() };
    let hosts = texts(&spec["rules"], |rule| Some(rule["host"].as_str().unwrap_or("*").to_owned()));
    let hosts = if hosts.is_empty() { Value::from("*") } else { hosts.join(",").into() };
    let ports = if spec["tls"].as_array().is_none_or(Vec::is_empty) { "80" } else { "80, 443" };
    vec![class, hosts, "".into(), ports.into(), age]
}
