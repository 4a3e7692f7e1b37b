//! The health of each process of a version, from its Deployment, its pods and the warnings about them: pure functions.

mod trouble;
pub(super) use trouble::{Healing, Trouble};

mod containers;
mod pods;

use app::model::{Health, NodeLive};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use krt::lifecycle::Status;
use krt::manifest::{ENTRYPOINT, Manifest};

use super::warnings::Warning;

/// One process of a version as the manifest declares it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Process<'a> {
    /// Both `entrypoint` for the entrypoint.
    pub(super) workflow: &'a str,
    pub(super) node: &'a str,
    pub(super) wanted: i32,
    pub(super) gpu: bool,
}

/// Every process of a manifest: the entrypoint first, then the nodes in its order.
pub(super) fn processes(manifest: &Manifest) -> impl Iterator<Item = Process<'_>> {
    let entrypoint = Process { workflow: ENTRYPOINT, node: ENTRYPOINT, wanted: 1, gpu: false };
    let nodes = manifest.workflows.iter().flat_map(|workflow| {
        workflow.nodes.iter().map(|node| Process {
            workflow: &workflow.name,
            node: &node.name,
            wanted: node.replicas.get(),
            gpu: node.gpu,
        })
    });
    std::iter::once(entrypoint).chain(nodes)
}

/// What the watches saw of one process.
pub(super) struct Observation<'a> {
    pub(super) deployment: Option<&'a Deployment>,
    /// In any order, including pods being deleted.
    pub(super) pods: Vec<&'a Pod>,
    /// Warnings about an object, by kind and name, newest first.
    pub(super) warnings: &'a dyn Fn(&str, &str) -> Vec<Warning>,
}

/// The health of one process of a version in this status.
pub(super) fn node_live(process: &Process, status: Status, observation: &Observation) -> NodeLive {
    let ready = observation.deployment.and_then(|deployment| deployment.status.as_ref()?.ready_replicas).unwrap_or(0);
    let restarts = observation.pods.iter().map(|pod| pods::restarts(pod)).sum();
    let (health, reason) = health(process, status, observation);
    NodeLive {
        workflow: process.workflow.to_owned(),
        node: process.node.to_owned(),
        health,
        ready,
        wanted: process.wanted,
        restarts,
        reason,
    }
}

fn health(process: &Process, status: Status, observation: &Observation) -> (Health, Option<String>) {
    let words = |words: &str| Some(words.to_owned());
    match status {
        Status::Stopped | Status::Archived => return (Health::Stopped, None),
        Status::Stopping if observation.pods.is_empty() => return (Health::Stopped, None),
        Status::Stopping => return (Health::Starting, words("stopping")),
        Status::Starting | Status::Started | Status::Publishing | Status::Published => {}
    }
    let is_starting = status == Status::Starting;
    if is_available(observation.deployment, process.wanted) {
        return (Health::Started, None);
    }
    if let Some(trouble) = trouble(process, observation) {
        let is_waiting = is_starting && trouble.healing == Healing::MayHeal;
        return (if is_waiting { Health::Starting } else { Health::Error }, Some(trouble.words));
    }
    let waits = match observation.deployment {
        None if is_starting => "waiting to be created".to_owned(),
        None => "missing from the cluster; being recreated".to_owned(),
        Some(_) => pods::waits_for(&observation.pods, process.wanted),
    };
    (Health::Starting, Some(waits))
}

/// The worst problem of a process; `None`: no known problem.
pub(super) fn trouble(process: &Process, observation: &Observation) -> Option<Trouble> {
    let alive = observation.pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none());
    let of_pods = alive.filter_map(|pod| pods::trouble(pod, process.gpu, observation.warnings));
    let worst = of_pods.max_by_key(|trouble| (trouble.healing, trouble.crashes));
    worst.or_else(|| observation.deployment.and_then(of_deployment))
}

/// Whether every wanted pod of the Deployment's current generation is available.
pub(super) fn is_available(deployment: Option<&Deployment>, wanted: i32) -> bool {
    let Some(deployment) = deployment else { return false };
    let Some(status) = &deployment.status else { return false };
    let is_up_to_date = status.observed_generation.unwrap_or(0) >= deployment.metadata.generation.unwrap_or(0);
    is_up_to_date
        && deployment.metadata.deletion_timestamp.is_none()
        && status.updated_replicas.unwrap_or(0) >= wanted
        && status.available_replicas.unwrap_or(0) >= wanted
}

/// The problem of a Deployment whose pods the cluster does not create: a quota, a policy, an admission webhook.
fn of_deployment(deployment: &Deployment) -> Option<Trouble> {
    let conditions = deployment.status.as_ref()?.conditions.as_ref()?;
    let failure =
        conditions.iter().find(|condition| condition.type_ == "ReplicaFailure" && condition.status == "True")?;
    let said = failure.message.clone().unwrap_or_default();
    let is_quota = said.contains("quota");
    let words = if is_quota { "exceeds the quota of the namespace" } else { "cannot create its pods" };
    Some(Trouble::new(Healing::MayHeal, words).saying(said))
}

#[cfg(test)]
mod tests;
