//! What is wrong with one pod, or what it waits for.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};

use super::{Healing, Trouble, containers};
use crate::cluster::warnings::Warning;

/// Warnings that explain why a container does not start while its state only says that it is being created.
const HINDRANCES: [(&str, &str); 5] = [
    ("FailedMount", "cannot mount a volume"),
    ("FailedAttachVolume", "cannot attach a volume"),
    ("FailedCreatePodSandBox", "cannot set up its pod"),
    ("FailedPostStartHook", "fails in its post-start hook"),
    ("NetworkNotReady", "cannot start: the network of its cluster node is not ready"),
];

/// How often the containers of a pod were restarted.
pub(super) fn restarts(pod: &Pod) -> i32 {
    statuses(pod).map(|(status, _)| status.restart_count).sum()
}

/// The worst problem of a pod that is not being deleted.
pub(super) fn trouble(pod: &Pod, gpu: bool, warnings: &dyn Fn(&str, &str) -> Vec<Warning>) -> Option<Trouble> {
    let name = pod.metadata.name.clone().unwrap_or_default();
    let trouble = unscheduled(pod, gpu)
        .or_else(|| evicted(pod))
        .or_else(|| {
            let all = statuses(pod).filter_map(|(status, unpacks)| containers::trouble(status, unpacks));
            all.max_by_key(|trouble| (trouble.healing, trouble.crashes))
        })
        .or_else(|| hindered(pod, &warnings("Pod", &name)))?;
    let said = warnings("Pod", &name);
    let trouble = said.into_iter().fold(trouble, |trouble, warning| trouble.saying(warning.message));
    Some(Trouble { pod: Some(name), ..trouble })
}

/// What pods without a problem are waiting for.
pub(super) fn waits_for(pods: &[&Pod], wanted: i32) -> String {
    let alive: Vec<_> = pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()).collect();
    let Some(first) = alive.iter().find(|pod| !is_ready(pod)) else {
        let count = alive.len();
        return match count {
            0 => "waiting for its pod to be created".to_owned(),
            _ if i32::try_from(count).is_ok_and(|count| count < wanted) => {
                format!("{count} of {wanted} pods running")
            }
            // The Deployments of nodes set `minReadySeconds` to 5: until then, a ready pod is not available.
            _ => "running; waiting 5 s to be sure".to_owned(),
        };
    };
    let is_scheduled = condition(first, "PodScheduled").is_some_and(|(is_true, _)| is_true);
    let mut of_containers = statuses(first).filter(|(_, unpacks)| !unpacks);
    let mut of_init = statuses(first).filter(|(_, unpacks)| *unpacks);
    let words = if !is_scheduled {
        "waiting to be scheduled"
    } else if of_init.any(|(status, _)| state(status) == "running") {
        "unpacking the package"
    } else if of_containers.any(|(status, _)| matches!(state(status), "ContainerCreating" | "PodInitializing")) {
        "pulling image"
    } else {
        "running, not ready yet"
    };
    words.to_owned()
}

fn unscheduled(pod: &Pod, gpu: bool) -> Option<Trouble> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let condition = conditions.iter().find(|condition| condition.type_ == "PodScheduled")?;
    if condition.status != "False" || condition.reason.as_deref() != Some("Unschedulable") {
        return None;
    }
    let words = match gpu {
        true => "cannot be scheduled: no cluster node has a free GPU",
        false => "cannot be scheduled: no cluster node has room",
    };
    let trouble = Trouble::new(Healing::MayHeal, words).saying(condition.message.clone().unwrap_or_default());
    Some(trouble.advising(
        "Stop another version or ask a cluster administrator for more capacity, then start this version again.",
    ))
}

fn evicted(pod: &Pod) -> Option<Trouble> {
    let status = pod.status.as_ref()?;
    if status.phase.as_deref() != Some("Failed") {
        return None;
    }
    let reason = status.reason.as_deref().unwrap_or("no reason given");
    let words = format!("lost its pod ({reason})");
    Some(Trouble::new(Healing::MayHeal, words).saying(status.message.clone().unwrap_or_default()))
}

/// What a warning says about a pod that takes long to start, or runs without becoming ready.
fn hindered(pod: &Pod, warnings: &[Warning]) -> Option<Trouble> {
    if is_ready(pod) {
        return None;
    }
    let found = warnings.iter().find_map(|warning| {
        let known = HINDRANCES.iter().find(|(reason, _)| *reason == warning.reason);
        known.map(|(_, words)| (warning, (*words).to_owned()))
    });
    let (warning, words) = found?;
    Some(Trouble::new(Healing::Rarely, words).saying(warning.message.clone()))
}

/// The containers of a pod, and whether each is an init container.
fn statuses(pod: &Pod) -> impl Iterator<Item = (&ContainerStatus, bool)> {
    let status = pod.status.as_ref();
    let of_init = status.and_then(|status| status.init_container_statuses.as_ref()).into_iter().flatten();
    let others = status.and_then(|status| status.container_statuses.as_ref()).into_iter().flatten();
    of_init.map(|status| (status, true)).chain(others.map(|status| (status, false)))
}

fn state(status: &ContainerStatus) -> &str {
    match &status.state {
        Some(state) if state.running.is_some() => "running",
        Some(state) => {
            state.waiting.as_ref().and_then(|waiting| waiting.reason.as_deref()).unwrap_or("ContainerCreating")
        }
        None => "ContainerCreating",
    }
}

fn is_ready(pod: &Pod) -> bool {
    condition(pod, "Ready").is_some_and(|(is_true, _)| is_true)
}

fn condition<'a>(pod: &'a Pod, type_: &str) -> Option<(bool, Option<&'a str>)> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let found = conditions.iter().find(|condition| condition.type_ == type_)?;
    Some((found.status == "True", found.reason.as_deref()))
}
