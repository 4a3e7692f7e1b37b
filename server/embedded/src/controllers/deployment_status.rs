//! The status of a Deployment, computed from its ReplicaSets. Pure: no store access.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::clock;
use crate::meta;
use crate::store::Object;

/// The status, and the time at which it changes without another event (the progress deadline).
pub fn of(deployment: &Value, sets: &[Object], newest: &str, now: Timestamp) -> (Value, Option<Timestamp>) {
    let desired = deployment["spec"]["replicas"].as_i64().unwrap_or(1);
    let new_set = sets.iter().find(|set| set["metadata"]["labels"]["pod-template-hash"] == newest);
    let sum = |field: &str| sets.iter().map(|set| number(set, field)).sum::<i64>();
    let updated = new_set.map_or(0, |set| number(set, "replicas"));
    let (total, available) = (sum("replicas"), sum("availableReplicas"));
    let mut status = json!({ "observedGeneration": deployment["metadata"]["generation"] });
    let numbers = [
        ("replicas", total),
        ("updatedReplicas", updated),
        ("readyReplicas", sum("readyReplicas")),
        ("availableReplicas", available),
        ("unavailableReplicas", (desired.max(total) - available).max(0)),
    ];
    for (name, number) in numbers {
        if number > 0 {
            status[name] = number.into();
        }
    }
    let old = &deployment["status"];
    let complete = updated == desired && total == desired && available == desired;
    let moved = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
        .iter()
        .any(|field| old[*field].as_i64().unwrap_or(0) != status[*field].as_i64().unwrap_or(0));
    let restarted = old["observedGeneration"] != status["observedGeneration"];

    let unavailable = allowed_unavailable(deployment, desired);
    let enough = available >= desired - unavailable;
    let available_condition = if enough {
        json!({ "type": "Available", "status": "True", "reason": "MinimumReplicasAvailable",
            "message": "Deployment has minimum availability." })
    } else {
        json!({ "type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable",
            "message": "Deployment does not have minimum availability." })
    };
    let (progressing, again) = progressing(deployment, new_set, complete, moved || restarted, now);
    let mut conditions =
        vec![dated(old, available_condition, now, false), dated(old, progressing, now, moved || restarted)];
    if let Some(failure) = sets.iter().find_map(|set| failure(set)) {
        conditions.push(failure);
    }
    status["conditions"] = conditions.into();
    (status, again)
}

fn number(set: &Value, field: &str) -> i64 {
    set["status"][field].as_i64().unwrap_or(0)
}

fn allowed_unavailable(deployment: &Value, desired: i64) -> i64 {
    match &deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] {
        Value::String(text) => desired * text.trim_end_matches('%').parse::<i64>().unwrap_or(25) / 100,
        Value::Number(number) => number.as_i64().unwrap_or(0),
        _ => 0,
    }
}

fn progressing(
    deployment: &Value,
    new_set: Option<&Object>,
    complete: bool,
    moved: bool,
    now: Timestamp,
) -> (Value, Option<Timestamp>) {
    let set = new_set.map_or("", |set| meta::name(set));
    let condition = |status: &str, reason: &str, message: String| json!({ "type": "Progressing", "status": status, "reason": reason, "message": message });
    if complete {
        let message = format!("ReplicaSet \"{set}\" has successfully progressed.");
        return (condition("True", "NewReplicaSetAvailable", message), None);
    }
    let before = find(&deployment["status"], "Progressing");
    let finished = before.is_some_and(|one| one["reason"] == "NewReplicaSetAvailable");
    let limit = SignedDuration::from_secs(deployment["spec"]["progressDeadlineSeconds"].as_i64().unwrap_or(600));
    let last = before.and_then(|one| one["lastUpdateTime"].as_str()).and_then(clock::parse).unwrap_or(now);
    let due = last + limit;
    if before.is_some() && !finished && !moved && now >= due {
        let message = format!("ReplicaSet \"{set}\" has timed out progressing.");
        return (condition("False", "ProgressDeadlineExceeded", message), None);
    }
    if finished && !moved {
        // The rollout was complete and then lost a pod, which does not start a new rollout.
        let message = format!("ReplicaSet \"{set}\" has successfully progressed.");
        return (condition("True", "NewReplicaSetAvailable", message), None);
    }
    let due = if moved || before.is_none() { now + limit } else { due };
    let message = format!("ReplicaSet \"{set}\" is progressing.");
    (condition("True", "ReplicaSetUpdated", message), Some(due + SignedDuration::from_millis(10)))
}

fn find<'s>(status: &'s Value, kind: &str) -> Option<&'s Value> {
    status["conditions"].as_array()?.iter().find(|one| one["type"] == kind)
}

/// Sets the times of a condition: the transition time when its status changes, the update time when anything changes.
fn dated(old: &Value, mut condition: Value, now: Timestamp, moved: bool) -> Value {
    let now = Value::from(clock::seconds(now));
    let before = find(old, condition["type"].as_str().unwrap_or_default());
    let same = |field: &str| before.is_some_and(|before| before[field] == condition[field]);
    let transition = if same("status") { before.map(|one| one["lastTransitionTime"].clone()) } else { None };
    let kept = same("status") && same("reason") && !(moved && condition["reason"] == "ReplicaSetUpdated");
    let update = if kept { before.map(|one| one["lastUpdateTime"].clone()) } else { None };
    condition["lastTransitionTime"] = transition.unwrap_or_else(|| now.clone());
    condition["lastUpdateTime"] = update.unwrap_or(now);
    condition
}

/// The `ReplicaFailure` condition of a set whose pods were rejected, for the Deployment.
fn failure(set: &Value) -> Option<Value> {
    let mut condition = find(&set["status"], "ReplicaFailure")?.clone();
    condition["lastUpdateTime"] = condition["lastTransitionTime"].clone();
    Some(condition)
}
