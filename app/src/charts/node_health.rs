//! How the graph shows one process: a sign, a class and words, from its health and its entry in the manifest.

use krt::graph::{Layout, NodeKind, flavour};
use krt::manifest::ENTRYPOINT;
use krt::outline::WorkflowOutline;

use crate::model::{Health, NodeLive};

/// The current health of a process in the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NodeHealth {
    /// `None` while nothing is known of it, as of a package that is not uploaded yet or an archived version.
    health: Option<Health>,
    ready: i32,
    wanted: i32,
    reason: Option<String>,
}

/// Returns the health of each process in the layout, in its order, from the live processes of the version.
pub(super) fn node_healths(layout: &Layout, workflow: &str, nodes: &[NodeLive]) -> Vec<NodeHealth> {
    // Both lists are in manifest order, so the next match nearly always follows the last one.
    let mut from = 0;
    let node_healths = layout.nodes.iter().map(|placed| {
        let workflow = if placed.kind == NodeKind::Entrypoint { ENTRYPOINT } else { workflow };
        let is_it = |node: &NodeLive| node.node == placed.name && node.workflow == workflow;
        let found = (from..nodes.len()).chain(0..from).find(|at| is_it(&nodes[*at]));
        from = found.map_or(from, |at| at + 1);
        match found.map(|at| &nodes[at]) {
            None => NodeHealth { health: None, ready: 0, wanted: 0, reason: None },
            Some(node) => NodeHealth {
                health: Some(node.health),
                ready: node.ready,
                wanted: node.wanted,
                reason: node.reason.clone(),
            },
        }
    });
    node_healths.collect()
}

/// The facts about a process that come from the manifest and never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nature {
    /// `kre-py`, or for the entrypoint its gRPC method.
    pub label: String,
    pub image: Option<String>,
    pub gpu: bool,
    pub replicas: i32,
    /// The subscriptions: `etl, stats-storer`.
    pub listens_to: String,
}

/// The manifest facts of each process in the layout, in its order.
pub(super) fn natures(workflow: &WorkflowOutline) -> Vec<Nature> {
    let entrypoint = Nature {
        label: workflow.entrypoint.clone(),
        image: None,
        gpu: false,
        replicas: 1,
        listens_to: "requests".to_owned(),
    };
    let nodes = workflow.nodes.iter().map(|node| {
        let inputs = node.subscriptions.iter().map(|input| match &input.subtopic {
            Some(subtopic) => format!("{}.{subtopic}", input.node),
            None => input.node.clone(),
        });
        Nature {
            label: flavour(&node.image),
            image: Some(node.image.clone()),
            gpu: node.gpu,
            replicas: node.replicas,
            listens_to: inputs.collect::<Vec<_>>().join(", "),
        }
    });
    [entrypoint].into_iter().chain(nodes).collect()
}

impl NodeHealth {
    /// Whether this process made the last start fail: no other stopped process carries a reason.
    fn has_failed(&self) -> bool {
        self.health == Some(Health::Stopped) && self.reason.is_some()
    }

    /// The CSS class that sets the color.
    pub fn class(&self) -> &'static str {
        match self.health {
            _ if self.has_failed() => "is-error",
            None => "is-unknown",
            Some(Health::Stopped) => "is-stopped",
            Some(Health::Starting) => "is-starting",
            Some(Health::Started) => "is-started",
            Some(Health::Error) => "is-error",
        }
    }

    /// The sign with the same meaning as the color.
    pub fn sign(&self) -> &'static str {
        match self.health {
            _ if self.has_failed() => "✕",
            None => "",
            Some(Health::Stopped) => "·",
            Some(Health::Starting) => "◌",
            Some(Health::Started) => "✓",
            Some(Health::Error) => "✕",
        }
    }

    /// The second line of its card: `kre-py · 1/2 · GPU`.
    pub fn line(&self, nature: &Nature) -> String {
        let mut line = nature.label.clone();
        match self.health {
            None | Some(Health::Stopped) if nature.replicas > 1 => line += &format!(" · ×{}", nature.replicas),
            None | Some(Health::Stopped) => {}
            Some(_) if nature.image.is_none() => {}
            Some(_) => line += &format!(" · {}/{}", self.ready, self.wanted),
        }
        if nature.gpu {
            line += " · GPU";
        }
        line
    }

    /// Health in words, for screen readers: `started, 1 of 1 ready`.
    pub fn words(&self) -> String {
        let ready = || format!("{} of {} ready", self.ready, self.wanted);
        let reason = || self.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        match self.health {
            None => "not running".to_owned(),
            Some(Health::Stopped) if self.has_failed() => format!("stopped, caused the last start to fail{}", reason()),
            Some(Health::Stopped) => "stopped".to_owned(),
            Some(Health::Starting) => format!("starting, {}{}", ready(), reason()),
            Some(Health::Started) => format!("started, {}", ready()),
            Some(Health::Error) => format!("unhealthy, {}{}", ready(), reason()),
        }
    }

    /// The text listed below the graph when the process needs attention.
    pub fn trouble(&self) -> Option<String> {
        let reason = self.reason.clone().unwrap_or_else(|| "unhealthy".to_owned());
        (self.health == Some(Health::Error) || self.has_failed()).then_some(reason)
    }
}
