//! What pages say of a version, an action or a size: wording only, no rule.

use krt::lifecycle::{Action, Status};

use crate::model::{ClusterKind, Health, VersionLive};

/// What a colour, a sign and a word say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing runs.
    Quiet,
    /// Well.
    Ok,
    /// Well, and serving requests from outside.
    Published,
    /// On its way.
    Busy,
    /// Wrong.
    Bad,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Tone::Quiet => "badge quiet",
            Tone::Ok => "badge ok",
            Tone::Published => "badge published",
            Tone::Busy => "badge busy",
            Tone::Bad => "badge bad",
        }
    }
}

/// The status of a version on its badge.
pub fn status(live: &VersionLive) -> (Tone, String) {
    let (ready, all) = live.ready();
    let progress = |word: &str| if all == 0 { word.to_owned() } else { format!("{word} · {ready} of {all}") };
    let failed = start_failed(live);
    match live.status() {
        Status::Published if live.situation.unpublishing => (Tone::Busy, "Unpublishing".to_owned()),
        Status::Started if live.is_degraded() => (Tone::Bad, "Started, degraded".to_owned()),
        Status::Published if live.is_degraded() => (Tone::Bad, "Published, degraded".to_owned()),
        Status::Stopped if failed => (Tone::Bad, "Stopped, last start failed".to_owned()),
        Status::Stopping if failed => (Tone::Bad, "Stopping, start failed".to_owned()),
        Status::Starting => (Tone::Busy, progress("Starting")),
        status => (tone(status), status_title(status).to_owned()),
    }
}

fn tone(status: Status) -> Tone {
    match status {
        Status::Stopped | Status::Archived => Tone::Quiet,
        Status::Started => Tone::Ok,
        Status::Published => Tone::Published,
        Status::Starting | Status::Publishing | Status::Stopping => Tone::Busy,
    }
}

/// A status at the beginning of a line.
pub fn status_title(status: Status) -> &'static str {
    match status {
        Status::Stopped => "Stopped",
        Status::Starting => "Starting",
        Status::Started => "Started",
        Status::Publishing => "Publishing",
        Status::Published => "Published",
        Status::Stopping => "Stopping",
        Status::Archived => "Archived",
    }
}

/// Whether its last start failed, and nobody tried again since.
fn start_failed(live: &VersionLive) -> bool {
    live.failure.as_ref().is_some_and(|failure| failure.action == Action::Start)
}

/// The sentence of a failure's chain that names a cause, and what to do about it, which goes on from there.
pub fn cause_and_advice(said: &str) -> (&str, &str) {
    // Names and images have no space in them.
    said.find(". ").map_or((said, ""), |end| (&said[..=end], &said[end + 2..]))
}

/// In one line: what a version waits for, suffers from or does.
pub fn doing(live: &VersionLive) -> String {
    let ailing = live.nodes.iter().find(|node| node.health == Health::Error);
    let waiting = live.nodes.iter().find(|node| node.health == Health::Starting);
    let said = |node: &crate::model::NodeLive, otherwise: &str| {
        format!("{}: {}", node.node, node.reason.as_deref().unwrap_or(otherwise))
    };
    match live.status() {
        Status::Stopped | Status::Stopping if start_failed(live) => {
            // The first says that it failed, as the badge does; the second names the process and why.
            let chain = live.failure.as_ref().map_or(&[] as &[String], |failure| &failure.chain);
            cause_and_advice(chain.get(1).or(chain.first()).map_or("", String::as_str)).0.to_owned()
        }
        Status::Stopped if !live.situation.missing_configuration.is_empty() => {
            format!("needs configuration: {}", live.situation.missing_configuration.join(", "))
        }
        Status::Starting | Status::Started | Status::Publishing | Status::Published => match (ailing, waiting) {
            (Some(node), _) => said(node, "in error"),
            (None, Some(node)) => said(node, "waiting to be ready"),
            (None, None) => {
                let (ready, all) = live.ready();
                format!("{ready} of {all} ready")
            }
        },
        Status::Stopping => "its Kubernetes objects are being deleted".to_owned(),
        Status::Stopped => "can be started".to_owned(),
        Status::Archived => "its package is kept".to_owned(),
    }
}

/// What an action does, before it is done.
pub fn meaning(action: Action, version: &str, namespace: &str) -> String {
    match action {
        Action::Create => String::new(),
        Action::Start => format!(
            "The Kubernetes objects of {version} are created in {namespace}. Once every node is ready it can be reached inside the cluster, not from outside."
        ),
        Action::Stop => format!(
            "The Kubernetes objects of {version} are deleted from {namespace}. The last 1,000 log lines of each node are kept."
        ),
        Action::Publish => format!(
            "Requests from outside are routed to {version}. Inside the cluster the name {version} disappears: from then on it is active-entrypoint."
        ),
        Action::Unpublish => format!(
            "Requests from outside are not answered any more. {version} keeps running, and can be reached inside the cluster as {version} again."
        ),
        Action::Archive => {
            format!("{version} is hidden from the list, its package is kept. There is no way back.")
        }
    }
}

/// What an audit entry is about; URLs and the store keep its kind as it is.
pub fn kind(kind: &str) -> &str {
    match kind {
        "create-runtime" => "Runtime created",
        "create" => "Version added",
        "configure" => "Configuration saved",
        "sign-in" => "Signed in",
        "ready" => "Every process ready",
        "failure" => "Failure",
        "gone" => "Removed from the cluster",
        "switched" => "Requests switched over",
        "withdrawn" => "Unpublish complete",
        other => match Action::parse(other) {
            Some(action) => action.title(),
            None => other,
        },
    }
}

/// The cluster, as the top bar names it.
pub fn cluster(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Embedded => "embedded cluster (simulated)",
        ClusterKind::Kubeconfig => "cluster by kubeconfig",
        ClusterKind::InCluster => "its own cluster",
    }
}

/// Names one after the other, three of them at most: `a, b, c and 4 more`.
pub fn listed(names: &[String]) -> String {
    let first = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{first} and {} more", names.len() - 3) } else { first }
}

/// `32 kB`: decimal units, two digits at least.
pub fn size(bytes: u64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (bytes, 0);
    let mut rest = 0;
    while value >= 1_000 && unit + 1 < units.len() {
        rest = value % 1_000 / 100;
        value /= 1_000;
        unit += 1;
    }
    if unit > 0 && value < 10 { format!("{value}.{rest} {}", units[unit]) } else { format!("{value} {}", units[unit]) }
}

/// `1 version`, `2 versions`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// An image without its registry and tag: `kre-py`.
pub fn flavour(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split(['@', ':']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests;
