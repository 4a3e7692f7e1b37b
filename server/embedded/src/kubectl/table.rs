//! Tables for `kubectl get` (meta.k8s.io/v1 Table), with the columns of the real server.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clock;
use crate::kinds::{Kind, Resource};
use crate::meta;

mod access;
mod network;
mod workloads;

/// A column: its name, and whether only `-o wide` shows it.
pub type Column = (&'static str, bool);

/// A table of `objects`; `columns` only in the first table of a stream.
pub fn table<'o>(
    kind: &Kind,
    objects: impl Iterator<Item = &'o Value>,
    metadata: Value,
    now: Timestamp,
    columns: bool,
) -> Value {
    let rows: Vec<Value> = objects
        .map(|object| {
            let partial = json!({
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": object["metadata"],
            });
            json!({ "cells": cells(kind.id, object, now), "object": partial })
        })
        .collect();
    let mut definitions = Vec::new();
    if columns {
        // The name of an event is the last column and only shown with `-o wide`.
        if kind.id != Resource::Events {
            let name = json!({ "name": "Name", "type": "string", "format": "name", "description": "", "priority": 0 });
            definitions.push(name);
        }
        definitions.extend(self::columns(kind.id).iter().map(|(name, wide)| {
            let priority = i32::from(*wide);
            json!({ "name": name, "type": "string", "format": "", "description": "", "priority": priority })
        }));
    }
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": definitions,
        "rows": rows,
    })
}

const EVENTS: &[Column] = &[
    ("Last Seen", false),
    ("Type", false),
    ("Reason", false),
    ("Object", false),
    ("Message", false),
    ("Count", true),
    ("Name", true),
];

/// The columns after the name.
fn columns(resource: Resource) -> &'static [Column] {
    match resource {
        Resource::Namespaces => &[("Status", false), ("Age", false)],
        Resource::ConfigMaps => &[("Data", false), ("Age", false)],
        Resource::Secrets => &[("Type", false), ("Data", false), ("Age", false)],
        Resource::Events => EVENTS,
        Resource::Leases => &[("Holder", false), ("Age", false)],
        Resource::Pods => workloads::PODS,
        Resource::Deployments => workloads::DEPLOYMENTS,
        Resource::ReplicaSets => workloads::REPLICA_SETS,
        Resource::Services => network::SERVICES,
        Resource::EndpointSlices => network::ENDPOINT_SLICES,
        Resource::Ingresses => network::INGRESSES,
        Resource::Roles | Resource::ClusterRoles => access::ROLES,
        Resource::RoleBindings | Resource::ClusterRoleBindings => access::BINDINGS,
        Resource::Quotas => access::QUOTAS,
        Resource::NetworkPolicies => access::NETWORK_POLICIES,
        _ => &[("Age", false)],
    }
}

fn cells(resource: Resource, object: &Value, now: Timestamp) -> Vec<Value> {
    let age = || Value::from(age(object, now));
    let count = |field: &str| object[field].as_object().map_or(0, serde_json::Map::len);
    let after_name = match resource {
        Resource::Namespaces => vec![object["status"]["phase"].clone(), age()],
        Resource::ConfigMaps => vec![(count("data") + count("binaryData")).into(), age()],
        Resource::Secrets => vec![object["type"].clone(), count("data").into(), age()],
        Resource::Events => return event(object, now),
        Resource::Leases => vec![object["spec"]["holderIdentity"].clone(), age()],
        Resource::Pods => workloads::pod(object, age(), now),
        Resource::Deployments => workloads::deployment(object, age()),
        Resource::ReplicaSets => workloads::replica_set(object, age()),
        Resource::Services => network::service(object, age()),
        Resource::EndpointSlices => network::endpoint_slice(object, age()),
        Resource::Ingresses => network::ingress(object, age()),
        Resource::Roles | Resource::ClusterRoles => access::role(object),
        Resource::RoleBindings | Resource::ClusterRoleBindings => access::binding(object, age()),
        Resource::Quotas => access::quota(object, age()),
        Resource::NetworkPolicies => vec![joined(&object["spec"]["podSelector"]["matchLabels"]), age()],
        _ => vec![age()],
    };
    std::iter::once(Value::from(meta::name(object))).chain(after_name).collect()
}

fn event(event: &Value, now: Timestamp) -> Vec<Value> {
    let about = &event["involvedObject"];
    let kind = about["kind"].as_str().unwrap_or_default().to_lowercase();
    let object = format!("{kind}/{}", about["name"].as_str().unwrap_or_default());
    let last = event["lastTimestamp"].as_str().and_then(clock::parse);
    let last = last.map_or_else(|| "<unknown>".to_owned(), |last| elapsed(last, now));
    let described = ["type", "reason"].map(|field| event[field].clone());
    let counted = [event["message"].clone(), event["count"].clone(), meta::name(event).into()];
    std::iter::once(last.into()).chain(described).chain([object.into()]).chain(counted).collect()
}

/// `app=a,tier=b`, or `<none>`.
fn joined(map: &Value) -> Value {
    let pairs: Vec<String> = map
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    if pairs.is_empty() { "<none>".into() } else { pairs.join(",").into() }
}

/// Strings separated by commas, or `<none>`.
fn listed(texts: &[String]) -> Value {
    if texts.is_empty() { "<none>".into() } else { texts.join(",").into() }
}

fn age(object: &Value, now: Timestamp) -> String {
    meta::created(object).map_or_else(|| "<unknown>".to_owned(), |created| elapsed(created, now))
}

/// A duration in kubectl's notation (k8s.io/apimachinery `duration.HumanDuration`).
pub fn elapsed(from: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(from).as_secs().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let pair = |big: i64, unit: &str, small: i64, part: &str| {
        if small == 0 { format!("{big}{unit}") } else { format!("{big}{unit}{small}{part}") }
    };
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 => pair(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => pair(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => pair(days, "d", hours % 24, "h"),
        691_200..63_072_000 => format!("{days}d"),
        _ => pair(days / 365, "y", days % 365, "d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_formatted_as_in_kubectl() {
        let cases = [
            (5, "5s"),
            (119, "119s"),
            (125, "2m5s"),
            (600, "10m"),
            (7_300, "121m"),
            (10_860, "3h1m"),
            (90_000, "25h"),
            (200_000, "2d7h"),
            (8_640_000, "100d"),
        ];
        for (seconds, expected) in cases {
            let now = Timestamp::from_second(seconds).unwrap();
            assert_eq!(elapsed(Timestamp::UNIX_EPOCH, now), expected);
        }
    }
}
