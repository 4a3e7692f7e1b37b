//! The next step of each part of a pod, derived only from its status. Pure: no store, no clock.

use serde_json::Value;

use super::image::{self, Behavior};
use crate::meta;

/// The next step of a pod or of one of its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The pod gets a node, or a condition that no node is available.
    Schedule,
    /// The pod is being deleted.
    Ending,
    /// The container starts; `restarts` is the number of starts before.
    Start { restarts: i64 },
    /// The image pull fails; `again` for an attempt after the back-off.
    PullFails { again: bool },
    /// The container waits in back-off after a failed pull.
    PullBackOff,
    /// An init container completes.
    Complete,
    /// A running container becomes ready once its readiness probe succeeds.
    Ready,
    /// The container exits with an error.
    Crash { restarts: i64 },
}

impl Stage {
    /// Whether the step needs the Secrets and ConfigMaps that the container references.
    pub fn needs_references(&self) -> bool {
        matches!(self, Stage::Start { .. })
    }
}

/// The name of the part that stands for the pod itself.
pub const POD: &str = "";

/// The next steps of the pod and its containers, by part.
pub fn stages(pod: &Value) -> Vec<(String, Stage)> {
    if meta::is_deleting(pod) {
        return vec![(POD.to_owned(), Stage::Ending)];
    }
    if matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed")) {
        return Vec::new();
    }
    if pod["status"]["startTime"].is_null() {
        let gated = pod["spec"]["schedulingGates"].as_array().is_some_and(|gates| !gates.is_empty());
        let reported = pod["status"]["conditions"].as_array().is_some_and(|all| {
            all.iter().any(|one| one["type"] == "PodScheduled" && (gated || one["reason"] != "SchedulingGated"))
        });
        return if reported { Vec::new() } else { vec![(POD.to_owned(), Stage::Schedule)] };
    }
    let init = pod["spec"]["initContainers"].as_array().into_iter().flatten();
    for container in init {
        let name = container["name"].as_str().unwrap_or_default();
        let status = status_of(pod, "initContainerStatuses", name);
        if status["state"]["terminated"]["exitCode"] == 0 {
            continue;
        }
        return init_stage(pod, name, status).into_iter().map(|stage| (name.to_owned(), stage)).collect();
    }
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    containers
        .filter_map(|container| {
            let name = container["name"].as_str().unwrap_or_default();
            let status = status_of(pod, "containerStatuses", name);
            main_stage(pod, container, status).map(|stage| (name.to_owned(), stage))
        })
        .collect()
}

/// The status of one container; null when it has none yet.
pub fn status_of<'p>(pod: &'p Value, list: &str, name: &str) -> &'p Value {
    let statuses = pod["status"][list].as_array().into_iter().flatten();
    statuses.into_iter().find(|status| status["name"] == name).unwrap_or(&Value::Null)
}

fn init_stage(pod: &Value, name: &str, status: &Value) -> Option<Stage> {
    let behavior = image::of(pod, name).map_or(Behavior::Fine, image::behavior);
    let restarts = status["restartCount"].as_i64().unwrap_or(0);
    if status["state"]["running"].is_object() {
        return Some(match behavior {
            Behavior::Crash | Behavior::OutOfMemory => Stage::Crash { restarts },
            _ => Stage::Complete,
        });
    }
    not_running(status, behavior, restarts)
}

fn main_stage(pod: &Value, container: &Value, status: &Value) -> Option<Stage> {
    let name = container["name"].as_str().unwrap_or_default();
    let behavior = image::of(pod, name).map_or(Behavior::Fine, image::behavior);
    let restarts = status["restartCount"].as_i64().unwrap_or(0);
    if status["state"]["running"].is_object() {
        return match behavior {
            Behavior::Crash | Behavior::OutOfMemory => Some(Stage::Crash { restarts }),
            _ => (status["ready"] != true).then_some(Stage::Ready),
        };
    }
    if status["state"]["terminated"].is_object() {
        return None;
    }
    not_running(status, behavior, restarts)
}

fn not_running(status: &Value, behavior: Behavior, restarts: i64) -> Option<Stage> {
    let reason = status["state"]["waiting"]["reason"].as_str().unwrap_or_default();
    match (behavior, reason) {
        (Behavior::NoImage, "ErrImagePull") => Some(Stage::PullBackOff),
        (Behavior::NoImage, "ImagePullBackOff") => Some(Stage::PullFails { again: true }),
        (Behavior::NoImage, _) => Some(Stage::PullFails { again: false }),
        (_, "CrashLoopBackOff") => Some(Stage::Start { restarts: restarts + 1 }),
        (_, _) => Some(Stage::Start { restarts }),
    }
}
