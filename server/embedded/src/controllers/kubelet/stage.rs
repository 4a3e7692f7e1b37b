//! Which step each part of a pod takes next, read from its status alone. No client, no clock.

use serde_json::Value;

use super::image::{self, Behaviour};
use crate::meta;

/// The next step of a pod or of one of its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The pod gets a node, or the message that there is none.
    Schedule,
    /// The pod is being deleted.
    Ending,
    /// The container starts, for the n-th time.
    Start { restarts: i64 },
    /// The image cannot be pulled; `again` after the back-off.
    PullFails { again: bool },
    /// After a failed pull.
    PullBackOff,
    /// An init container has done its work.
    Complete,
    /// A running container whose readiness probe takes its time.
    Ready,
    /// The container ends badly.
    Crash { restarts: i64 },
}

impl Stage {
    /// Does the step need the Secrets and ConfigMaps that the container names?
    pub fn needs_references(&self) -> bool {
        matches!(self, Stage::Start { .. })
    }
}

/// The part that means the pod itself.
pub const POD: &str = "";

/// The next step of everything in the pod that has one.
pub fn stages(pod: &Value) -> Vec<(String, Stage)> {
    if meta::is_deleting(pod) {
        return vec![(POD.to_owned(), Stage::Ending)];
    }
    if matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed")) {
        return Vec::new();
    }
    if pod["status"]["startTime"].is_null() {
        let gated = pod["spec"]["schedulingGates"].as_array().is_some_and(|gates| !gates.is_empty());
        let told = pod["status"]["conditions"].as_array().is_some_and(|all| {
            all.iter().any(|one| one["type"] == "PodScheduled" && (gated || one["reason"] != "SchedulingGated"))
        });
        return if told { Vec::new() } else { vec![(POD.to_owned(), Stage::Schedule)] };
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
    let behaviour = image::of(pod, name).map_or(Behaviour::Fine, image::behaviour);
    let restarts = status["restartCount"].as_i64().unwrap_or(0);
    if status["state"]["running"].is_object() {
        return Some(match behaviour {
            Behaviour::Crash | Behaviour::OutOfMemory => Stage::Crash { restarts },
            _ => Stage::Complete,
        });
    }
    not_running(status, behaviour, restarts)
}

fn main_stage(pod: &Value, container: &Value, status: &Value) -> Option<Stage> {
    let name = container["name"].as_str().unwrap_or_default();
    let behaviour = image::of(pod, name).map_or(Behaviour::Fine, image::behaviour);
    let restarts = status["restartCount"].as_i64().unwrap_or(0);
    if status["state"]["running"].is_object() {
        return match behaviour {
            Behaviour::Crash | Behaviour::OutOfMemory => Some(Stage::Crash { restarts }),
            _ => (status["ready"] != true).then_some(Stage::Ready),
        };
    }
    if status["state"]["terminated"].is_object() {
        return None;
    }
    not_running(status, behaviour, restarts)
}

fn not_running(status: &Value, behaviour: Behaviour, restarts: i64) -> Option<Stage> {
    let reason = status["state"]["waiting"]["reason"].as_str().unwrap_or_default();
    match (behaviour, reason) {
        (Behaviour::NoImage, "ErrImagePull") => Some(Stage::PullBackOff),
        (Behaviour::NoImage, "ImagePullBackOff") => Some(Stage::PullFails { again: true }),
        (Behaviour::NoImage, _) => Some(Stage::PullFails { again: false }),
        (_, "CrashLoopBackOff") => Some(Stage::Start { restarts: restarts + 1 }),
        (_, _) => Some(Stage::Start { restarts }),
    }
}
