//! Rows of pods, Deployments and ReplicaSets.

use jiff::Timestamp;
use serde_json::Value;

use super::{Column, elapsed, joined, listed};
use crate::clock;
use crate::meta;

pub const PODS: &[Column] = &[
    ("Ready", false),
    ("Status", false),
    ("Restarts", false),
    ("Age", false),
    ("IP", true),
    ("Node", true),
    ("Nominated Node", true),
    ("Readiness Gates", true),
];

pub const DEPLOYMENTS: &[Column] = &[
    ("Ready", false),
    ("Up-to-date", false),
    ("Available", false),
    ("Age", false),
    ("Containers", true),
    ("Images", true),
    ("Selector", true),
];

pub const REPLICA_SETS: &[Column] = &[
    ("Desired", false),
    ("Current", false),
    ("Ready", false),
    ("Age", false),
    ("Containers", true),
    ("Images", true),
    ("Selector", true),
];

pub fn pod(pod: &Value, age: Value, now: Timestamp) -> Vec<Value> {
    let statuses = || pod["status"]["containerStatuses"].as_array().into_iter().flatten();
    let ready = statuses().filter(|one| one["ready"] == true).count();
    let all = pod["spec"]["containers"].as_array().map_or(0, Vec::len);
    let restarts: i64 = statuses().filter_map(|one| one["restartCount"].as_i64()).sum();
    let ends = statuses().filter_map(|one| one["lastState"]["terminated"]["finishedAt"].as_str());
    let last = ends.filter_map(clock::parse).max().filter(|_| restarts > 0);
    let or_none = |value: &Value| if value.is_string() { value.clone() } else { "<none>".into() };
    vec![
        format!("{ready}/{all}").into(),
        pod_status(pod).into(),
        last.map_or_else(|| restarts.to_string(), |last| format!("{restarts} ({} ago)", elapsed(last, now))).into(),
        age,
        or_none(&pod["status"]["podIP"]),
        or_none(&pod["spec"]["nodeName"]),
        "<none>".into(),
        "<none>".into(),
    ]
}

/// The status kubectl shows for a pod: the reason why it waits or ended, or its phase.
fn pod_status(pod: &Value) -> String {
    if meta::is_deleting(pod) {
        return "Terminating".to_owned();
    }
    let list = |name: &str| pod["status"][name].as_array().cloned().unwrap_or_default();
    let init = list("initContainerStatuses");
    let done = init.iter().filter(|one| one["state"]["terminated"]["exitCode"] == 0).count();
    if let Some(current) = init.iter().find(|one| one["state"]["terminated"]["exitCode"] != 0) {
        return match (reason(current, "terminated"), reason(current, "waiting")) {
            (Some(reason), _) => format!("Init:{reason}"),
            (None, Some(reason)) if reason != "PodInitializing" => format!("Init:{reason}"),
            _ => format!("Init:{done}/{}", init.len()),
        };
    }
    let main = list("containerStatuses");
    let shown = main.iter().rev().find_map(|one| reason(one, "waiting").or_else(|| reason(one, "terminated")));
    let phase = pod["status"]["phase"].as_str().unwrap_or("Unknown");
    shown.unwrap_or(phase).to_owned()
}

fn reason<'s>(status: &'s Value, state: &str) -> Option<&'s str> {
    status["state"][state]["reason"].as_str().filter(|reason| !reason.is_empty())
}

pub fn deployment(deployment: &Value, age: Value) -> Vec<Value> {
    let number = |field: &str| deployment["status"][field].as_i64().unwrap_or(0);
    let desired = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let mut cells = vec![
        format!("{}/{desired}", number("readyReplicas")).into(),
        number("updatedReplicas").to_string().into(),
        number("availableReplicas").to_string().into(),
        age,
    ];
    cells.extend(template(deployment));
    cells
}

pub fn replica_set(set: &Value, age: Value) -> Vec<Value> {
    let number = |field: &str| set["status"][field].as_i64().unwrap_or(0).to_string();
    let desired = set["spec"]["replicas"].as_i64().unwrap_or(1).to_string();
    let mut cells = vec![desired.into(), number("replicas").into(), number("readyReplicas").into(), age];
    cells.extend(template(set));
    cells
}

fn template(object: &Value) -> [Value; 3] {
    let containers = object["spec"]["template"]["spec"]["containers"].as_array().cloned().unwrap_or_default();
    let all = |field: &str| -> Vec<String> {
        containers.iter().filter_map(|one| one[field].as_str().map(str::to_owned)).collect()
    };
    [listed(&all("name")), listed(&all("image")), joined(&object["spec"]["selector"]["matchLabels"])]
}
