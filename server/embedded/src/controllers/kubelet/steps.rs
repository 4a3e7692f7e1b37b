//! The steps: what each one writes into the pod, and the events it causes.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::image::{self, Behavior};
use super::stage::{Stage, status_of};
use crate::clock::seconds;
use crate::controllers::events::Note;
use crate::meta;
use crate::random;
use crate::registry;
use crate::status::ApiError;
use crate::store::{Key, Store};

/// The only node.
const NODE: &str = "embedded-node";
const HOST_IP: &str = "10.0.0.1";

/// Takes a step of `part` (a container, or the pod itself). Returns its events.
pub fn take(pod: &mut Value, part: &str, stage: &Stage, now: Timestamp, pulled: bool) -> Vec<Note<'static>> {
    match stage {
        Stage::Schedule => schedule(pod, now),
        Stage::Start { restarts } => start(pod, part, *restarts, now, pulled),
        Stage::PullFails { again } => pull_fails(pod, part, *again),
        Stage::PullBackOff => {
            let image = image::of(pod, part).unwrap_or_default().to_owned();
            wait(pod, part, "ImagePullBackOff", format!("Back-off pulling image \"{image}\""));
            vec![note("Normal", "BackOff", format!("Back-off pulling image \"{image}\""), pod, part)]
        }
        Stage::Complete => {
            finish(pod, part, now, 0, "Completed");
            Vec::new()
        }
        Stage::Ready => {
            if let Some(status) = status_mut(pod, part) {
                status["ready"] = true.into();
            }
            Vec::new()
        }
        Stage::Crash { restarts } => crash(pod, part, *restarts, now),
        Stage::Ending => Vec::new(),
    }
}

fn schedule(pod: &mut Value, now: Timestamp) -> Vec<Note<'static>> {
    let names = containers(pod, "containers");
    let stuck = names.iter().any(|name| behavior(pod, name) == Behavior::Unschedulable);
    let own = format!("{}/{}", meta::namespace(pod), meta::name(pod));
    let scheduler =
        |kind, reason, message| Note { kind, reason, message, source: "default-scheduler", field: String::new() };
    if stuck {
        let message = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption \
                       victims found for incoming pod.";
        pod["status"]["conditions"] = json!([{
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": message,
            "lastProbeTime": null,
            "lastTransitionTime": seconds(now),
        }]);
        return vec![scheduler("Warning", "FailedScheduling", message.to_owned())];
    }
    let mut notes = Vec::new();
    if pod["spec"]["nodeName"].is_null() {
        pod["spec"]["nodeName"] = NODE.into();
        notes.push(scheduler("Normal", "Scheduled", format!("Successfully assigned {own} to {NODE}")));
    }
    let init = containers(pod, "initContainers");
    let reason = if init.is_empty() { "ContainerCreating" } else { "PodInitializing" };
    let waiting = |name: &String, image: &str| {
        json!({
            "name": name,
            "image": image,
            "imageID": "",
            "ready": false,
            "started": false,
            "restartCount": 0,
            "state": { "waiting": { "reason": reason } },
            "lastState": {},
        })
    };
    let all = |pod: &Value, names: &[String]| -> Vec<Value> {
        names.iter().map(|name| waiting(name, image::of(pod, name).unwrap_or_default())).collect()
    };
    let (mains, inits) = (all(pod, &names), all(pod, &init));
    let status = meta::map_in(pod, "status");
    status.insert("startTime".to_owned(), seconds(now).into());
    status.insert("hostIP".to_owned(), HOST_IP.into());
    status.insert("hostIPs".to_owned(), json!([{ "ip": HOST_IP }]));
    status.insert("containerStatuses".to_owned(), mains.into());
    if !inits.is_empty() {
        status.insert("initContainerStatuses".to_owned(), inits.into());
    }
    notes
}

fn start(pod: &mut Value, part: &str, restarts: i64, now: Timestamp, pulled: bool) -> Vec<Note<'static>> {
    give_address(pod);
    let image = image::of(pod, part).unwrap_or_default().to_owned();
    let probed = has_readiness_probe(pod, part);
    let uid = meta::uid(pod).to_owned();
    let digest = format!("{:016x}", random::hash(&image)).repeat(4);
    if let Some(status) = status_mut(pod, part) {
        status["state"] = json!({ "running": { "startedAt": seconds(now) } });
        status["restartCount"] = restarts.into();
        status["started"] = true.into();
        status["ready"] = (!probed).into();
        status["imageID"] = format!("{}@sha256:{digest}", image.split('@').next().unwrap_or_default()).into();
        let identity = random::hash(&format!("{uid}/{part}/{restarts}"));
        status["containerID"] = format!("containerd://{}", format!("{identity:016x}").repeat(4)).into();
    }
    let mut notes = Vec::new();
    if pulled {
        let message = format!("Container image \"{image}\" already present on machine");
        notes.push(note("Normal", "Pulled", message, pod, part));
    } else {
        notes.push(note("Normal", "Pulling", format!("Pulling image \"{image}\""), pod, part));
        notes.push(note("Normal", "Pulled", format!("Successfully pulled image \"{image}\""), pod, part));
    }
    notes.push(note("Normal", "Created", format!("Created container: {part}"), pod, part));
    notes.push(note("Normal", "Started", format!("Started container {part}"), pod, part));
    notes
}

fn pull_fails(pod: &mut Value, part: &str, again: bool) -> Vec<Note<'static>> {
    let image = image::of(pod, part).unwrap_or_default().to_owned();
    let why = format!(
        "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    wait(pod, part, "ErrImagePull", format!("rpc error: code = NotFound desc = {why}"));
    let mut notes = Vec::new();
    if !again {
        notes.push(note("Normal", "Pulling", format!("Pulling image \"{image}\""), pod, part));
    }
    notes.push(note("Warning", "Failed", format!("Failed to pull image \"{image}\": {why}"), pod, part));
    notes.push(note("Warning", "Failed", "Error: ErrImagePull".to_owned(), pod, part));
    notes
}

fn crash(pod: &mut Value, part: &str, restarts: i64, now: Timestamp) -> Vec<Note<'static>> {
    let (code, reason) = match behavior(pod, part) {
        Behavior::OutOfMemory => (137, "OOMKilled"),
        _ => (1, "Error"),
    };
    finish(pod, part, now, code, reason);
    if pod["spec"]["restartPolicy"] == "Never" {
        return Vec::new();
    }
    let own = format!("{}_{}({})", meta::name(pod), meta::namespace(pod), meta::uid(pod));
    let Some(status) = status_mut(pod, part) else { return Vec::new() };
    status["lastState"] = status["state"].take();
    if restarts == 0 {
        // The first restart is immediate.
        status["state"] = json!({ "waiting": { "reason": "ContainerCreating" } });
        return start(pod, part, 1, now, true);
    }
    let seconds = (10 * 2_i64.pow(u32::try_from((restarts - 1).clamp(0, 5)).unwrap_or(0))).min(300);
    let message = format!("back-off {seconds}s restarting failed container={part} pod={own}");
    wait(pod, part, "CrashLoopBackOff", message);
    let message = format!("Back-off restarting failed container {part} in pod {own}");
    vec![note("Warning", "BackOff", message, pod, part)]
}

fn finish(pod: &mut Value, part: &str, now: Timestamp, code: i64, reason: &str) {
    let Some(status) = status_mut(pod, part) else { return };
    let started = status["state"]["running"]["startedAt"].take();
    status["state"] = json!({ "terminated": {
        "exitCode": code,
        "reason": reason,
        "startedAt": started,
        "finishedAt": seconds(now),
        "containerID": status["containerID"],
    } });
    status["started"] = false.into();
    // A completed init container counts as ready.
    status["ready"] = (code == 0).into();
}

/// Sets the waiting state of a container.
pub fn wait(pod: &mut Value, part: &str, reason: &str, message: String) {
    if let Some(status) = status_mut(pod, part) {
        status["ready"] = false.into();
        status["started"] = false.into();
        status["state"] = json!({ "waiting": { "reason": reason, "message": message } });
    }
}

/// Ends a deleted pod: stops its containers, then removes the pod unless finalizers keep it.
pub fn end(store: &Store, key: &Key) -> Result<(), ApiError> {
    store.write(|write| {
        let Some(pod) = write.get(key) else { return Ok(()) };
        let mut pod = pod.as_ref().clone();
        let now = write.now();
        // SIGTERM interrupts the work of an init container; what runs until then shuts down in order.
        let lists = [
            ("initContainers", "initContainerStatuses", 143, "Error"),
            ("containers", "containerStatuses", 0, "Completed"),
        ];
        for (list, statuses, code, reason) in lists {
            for name in containers(&pod, list) {
                if status_of(&pod, statuses, &name)["state"]["running"].is_object() {
                    finish(&mut pod, &name, now, code, reason);
                    if let Some(status) = status_mut(&mut pod, &name) {
                        status["ready"] = false.into();
                    }
                }
            }
        }
        super::conditions::refresh(&mut pod, now);
        // A deleted pod ends in a final phase ("Pod Lifecycle", pod phase).
        if matches!(pod["status"]["phase"].as_str(), Some("Pending" | "Running")) {
            pod["status"]["phase"] = "Failed".into();
        }
        pod["metadata"]["deletionGracePeriodSeconds"] = 0.into();
        registry::finish_if_final(write, key, pod);
        Ok(())
    })
}

fn containers(pod: &Value, list: &str) -> Vec<String> {
    let containers = pod["spec"][list].as_array().into_iter().flatten();
    containers.filter_map(|container| container["name"].as_str().map(str::to_owned)).collect()
}

fn behavior(pod: &Value, container: &str) -> Behavior {
    image::of(pod, container).map_or(Behavior::Fine, image::behavior)
}

fn status_mut<'p>(pod: &'p mut Value, part: &str) -> Option<&'p mut Value> {
    let init = !status_of(pod, "initContainerStatuses", part).is_null();
    let list = if init { "initContainerStatuses" } else { "containerStatuses" };
    pod["status"][list].as_array_mut()?.iter_mut().find(|status| status["name"] == part)
}

fn has_readiness_probe(pod: &Value, part: &str) -> bool {
    let containers = pod["spec"]["containers"].as_array().into_iter().flatten();
    containers.into_iter().any(|one| one["name"] == part && one["readinessProbe"].is_object())
}

/// Assigns an address in 10.244.0.0/16, the usual pod network. Two pods share an address with a chance of 1 in 65,000,
/// which has no effect here.
fn give_address(pod: &mut Value) {
    if pod["status"]["podIP"].is_string() {
        return;
    }
    let own = random::hash(meta::uid(pod));
    let address = format!("10.244.{}.{}", (own >> 8) & 255, 1 + own % 254);
    pod["status"]["podIPs"] = json!([{ "ip": address }]);
    pod["status"]["podIP"] = address.into();
}

fn note(kind: &'static str, reason: &'static str, message: String, pod: &Value, part: &str) -> Note<'static> {
    let init = !status_of(pod, "initContainerStatuses", part).is_null();
    let list = if init { "initContainers" } else { "containers" };
    Note { kind, reason, message, source: "kubelet", field: format!("spec.{list}{{{part}}}") }
}
