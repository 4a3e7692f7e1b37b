//! ConfigMaps and Secrets: keys, size, immutability.

use serde_json::Value;

use crate::names;
use crate::status::Cause;

/// Maximum size of the data of a ConfigMap or Secret: 1 MiB.
const MOST_DATA: usize = 1024 * 1024;

pub fn config_map(object: &Value) -> Vec<Cause> {
    let mut causes = keys(object, &["data", "binaryData"]);
    let binary = object["binaryData"].as_object().into_iter().flatten();
    for (key, _) in binary.filter(|(key, _)| !object["data"][key.as_str()].is_null()) {
        let why = "duplicate of key present in data";
        causes.push(Cause::invalid(format!("binaryData[{key}]"), &key.as_str().into(), why));
    }
    let text: usize = values(&object["data"]).map(str::len).sum();
    if text + decoded(&object["binaryData"]) > MOST_DATA {
        causes.push(Cause::too_long("", MOST_DATA));
    }
    causes
}

pub fn secret(object: &Value) -> Vec<Cause> {
    let mut causes = keys(object, &["data"]);
    if decoded(&object["data"]) > MOST_DATA {
        causes.push(Cause::too_long("data", MOST_DATA));
    }
    let needed: &[&str] = match object["type"].as_str() {
        Some("kubernetes.io/tls") => &["tls.crt", "tls.key"],
        Some("kubernetes.io/dockerconfigjson") => &[".dockerconfigjson"],
        _ => &[],
    };
    for key in needed.iter().filter(|key| object["data"][**key].is_null()) {
        causes.push(Cause::required(format!("data[{key}]"), ""));
    }
    causes
}

fn keys(object: &Value, fields: &[&str]) -> Vec<Cause> {
    let mut causes = Vec::new();
    for field in fields {
        for (key, _) in object[*field].as_object().into_iter().flatten() {
            if let Some(why) = names::data_key(key) {
                causes.push(Cause::invalid(format!("{field}[{key}]"), &key.as_str().into(), &why));
            }
        }
    }
    causes
}

fn values(map: &Value) -> impl Iterator<Item = &str> {
    map.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str())
}

/// Decoded size of base64 values, in bytes.
fn decoded(map: &Value) -> usize {
    values(map).map(|text| text.trim_end_matches('=').len() * 3 / 4).sum()
}

pub fn unchanged(old: &Value, new: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if old["type"] != new["type"] {
        causes.push(Cause::invalid("type", &new["type"], "field is immutable"));
    }
    if old["immutable"] == true {
        let why = "field is immutable when `immutable` is set";
        for field in ["immutable", "data", "binaryData"] {
            if old[field] != new[field] {
                causes.push(Cause::forbidden(field, why));
            }
        }
    }
    causes
}
