//! The health of a version's processes as the watches have observed it; makes no calls.

use std::collections::HashMap;
use std::sync::Arc;

use app::model::NodeLive;
use k8s_openapi::api::core::v1::Pod;
use krt::lifecycle::Status;
use krt::manifest::ENTRYPOINT;
use krt::names;

use super::health::{self, Healing, Observation, Process, Trouble};
use super::{Cluster, labels};
use crate::state::{Runtime, Version};

/// A process with a problem.
#[derive(Clone, Debug)]
pub(crate) struct Unhealthy {
    pub(crate) workflow: String,
    pub(crate) node: String,
    pub(super) trouble: Trouble,
}

/// Whether a process may recover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Often recovers: only the deadline ends the wait.
    MayHeal,
    /// Rarely recovers: given a grace period.
    Rarely,
    /// Crashed this many times.
    Crashing(i32),
    /// Cannot recover.
    Never,
}

impl Unhealthy {
    pub(crate) fn outlook(&self) -> Outlook {
        match self.trouble.healing {
            Healing::MayHeal => Outlook::MayHeal,
            Healing::Rarely => Outlook::Rarely,
            Healing::Crashing => Outlook::Crashing(self.trouble.crashes),
            Healing::Never => Outlook::Never,
        }
    }
}

impl Cluster {
    /// The health of every process of a version: the entrypoint first, then the nodes in manifest order.
    pub fn nodes(&self, runtime: &Runtime, version: &Version) -> Vec<NodeLive> {
        let status = version.status();
        if status == Status::Archived {
            return Vec::new();
        }
        let pods = self.pods_of(version);
        let pods = by_process(&pods);
        let live = |process: Process| {
            self.observation(runtime, version, &process, &pods, |observation| {
                health::node_live(&process, status, observation)
            })
        };
        health::processes(&version.manifest).map(live).collect()
    }

    /// Whether every process of a version is available in the last written generation.
    pub(crate) fn is_ready(&self, runtime: &Runtime, version: &Version) -> bool {
        health::processes(&version.manifest).all(|process| {
            let deployment =
                self.0.seen.stores.deployments.get(&runtime.namespace, &deployment_name(version, &process));
            health::is_available(deployment.as_deref(), process.wanted)
        })
    }

    /// The unhealthy processes of a version, in manifest order.
    pub(crate) fn unhealthy(&self, runtime: &Runtime, version: &Version) -> Vec<Unhealthy> {
        let pods = self.pods_of(version);
        let pods = by_process(&pods);
        let unhealthy = |process: Process| {
            let trouble = self.observation(runtime, version, &process, &pods, |observation| {
                let is_well = health::is_available(observation.deployment, process.wanted);
                if is_well { None } else { health::trouble(&process, observation) }
            })?;
            Some(Unhealthy { workflow: process.workflow.to_owned(), node: process.node.to_owned(), trouble })
        };
        health::processes(&version.manifest).filter_map(unhealthy).collect()
    }

    /// The pods of a version as last observed.
    pub(super) fn pods_of(&self, version: &Version) -> Vec<Arc<Pod>> {
        self.0.seen.stores.pods.of_version(&version.uid)
    }

    fn observation<T>(
        &self,
        runtime: &Runtime,
        version: &Version,
        process: &Process,
        pods: &ByProcess,
        work: impl FnOnce(&Observation) -> T,
    ) -> T {
        let namespace = &runtime.namespace;
        let deployment = self.0.seen.stores.deployments.get(namespace, &deployment_name(version, process));
        work(&Observation {
            deployment: deployment.as_deref(),
            pods: pods.get(&(process.workflow, process.node)).cloned().unwrap_or_default(),
            warnings: &|kind, name| self.0.seen.warnings.about(namespace, kind, name),
        })
    }
}

/// Pods by workflow and node.
type ByProcess<'a> = HashMap<(&'a str, &'a str), Vec<&'a Pod>>;

fn by_process(pods: &[Arc<Pod>]) -> ByProcess<'_> {
    let mut all = ByProcess::new();
    for pod in pods {
        if let Some(process) = pod.metadata.labels.as_ref().and_then(labels::process) {
            all.entry(process).or_default().push(pod);
        }
    }
    all
}

fn deployment_name(version: &Version, process: &Process) -> String {
    match process.node {
        ENTRYPOINT => names::entrypoint_deployment(&version.name),
        node => names::deployment(&version.name, process.workflow, node),
    }
}

#[cfg(test)]
impl Unhealthy {
    pub(crate) fn with_outlook(workflow: &str, node: &str, outlook: Outlook) -> Unhealthy {
        let (healing, crashes) = match outlook {
            Outlook::MayHeal => (Healing::MayHeal, 0),
            Outlook::Rarely => (Healing::Rarely, 0),
            Outlook::Crashing(crashes) => (Healing::Crashing, crashes),
            Outlook::Never => (Healing::Never, 0),
        };
        let trouble = Trouble { healing, words: String::new(), advice: None, said: Vec::new(), crashes, pod: None };
        Unhealthy { workflow: workflow.to_owned(), node: node.to_owned(), trouble }
    }
}
