//! Phase and conditions of a pod, computed from the states of its containers. Pure: no store access.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clock::seconds;
use crate::meta;

/// Updates phase and conditions to match the containers.
pub fn refresh(pod: &mut Value, now: Timestamp) {
    if pod["status"]["startTime"].is_null() {
        return;
    }
    let list = |name: &str| pod["status"][name].as_array().cloned().unwrap_or_default();
    let (init, main) = (list("initContainerStatuses"), list("containerStatuses"));
    let initialized = init.iter().all(|one| one["state"]["terminated"]["exitCode"] == 0);
    let unready: Vec<&str> =
        main.iter().filter(|one| one["ready"] != true).filter_map(|one| one["name"].as_str()).collect();
    let never_restarts = pod["spec"]["restartPolicy"] == "Never";
    let ended = |one: &Value| one["state"]["terminated"].is_object();
    let phase = if initialized && main.iter().all(ended) && (never_restarts || meta::is_deleting(pod)) {
        if main.iter().all(|one| one["state"]["terminated"]["exitCode"] == 0) { "Succeeded" } else { "Failed" }
    } else if never_restarts && init.iter().any(|one| ended(one) && one["state"]["terminated"]["exitCode"] != 0) {
        "Failed"
    } else if initialized && main.iter().any(|one| one["state"]["running"].is_object() || one["restartCount"] != 0) {
        "Running"
    } else {
        "Pending"
    };
    pod["status"]["phase"] = phase.into();

    let unready_message = format!("containers with unready status: [{}]", unready.join(" "));
    let uninitialized: Vec<&str> = init
        .iter()
        .filter(|one| one["state"]["terminated"]["exitCode"] != 0)
        .filter_map(|one| one["name"].as_str())
        .collect();
    let started = init.iter().chain(&main).any(|one| !one["containerID"].is_null());
    let ready = initialized && unready.is_empty() && !main.is_empty();
    let wanted = [
        ("PodReadyToStartContainers", started, "", String::new()),
        (
            "Initialized",
            initialized,
            "ContainersNotInitialized",
            format!("containers with incomplete status: [{}]", uninitialized.join(" ")),
        ),
        ("Ready", ready, "ContainersNotReady", unready_message.clone()),
        ("ContainersReady", ready, "ContainersNotReady", unready_message),
        ("PodScheduled", true, "", String::new()),
    ];
    let before = pod["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let conditions: Vec<Value> = wanted
        .into_iter()
        .map(|(kind, holds, reason, message)| {
            let status = if holds { "True" } else { "False" };
            let same = before.iter().find(|one| one["type"] == kind && one["status"] == status);
            let since = same.map_or_else(|| seconds(now).into(), |one| one["lastTransitionTime"].clone());
            let mut condition =
                json!({ "type": kind, "status": status, "lastProbeTime": null, "lastTransitionTime": since });
            if !holds && !reason.is_empty() {
                condition["reason"] = reason.into();
                condition["message"] = message.into();
            }
            condition
        })
        .collect();
    pod["status"]["conditions"] = conditions.into();
}
