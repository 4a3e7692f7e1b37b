//! Labels: the words for statuses, actions, audit entries and sizes. Wording only, no rules.

use krt::lifecycle::{Action, Status};

use crate::model::{ClusterKind, Health, VersionLive};

/// The meaning that a badge conveys by color, sign and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing is running.
    Quiet,
    /// Healthy.
    Ok,
    /// Healthy, and receiving external requests.
    Published,
    /// In transition.
    Busy,
    /// Failed or degraded.
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

/// The tone and text of a version's status badge.
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

/// The name of a status, capitalized.
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

/// Whether the last start failed and was not repeated since.
fn start_failed(live: &VersionLive) -> bool {
    live.failure.as_ref().is_some_and(|failure| failure.action == Action::Start)
}

/// Splits an entry of a failure's chain into the sentence that names the cause and the advice that follows it.
pub fn cause_and_advice(said: &str) -> (&str, &str) {
    // Names and images contain no spaces.
    said.find(". ").map_or((said, ""), |end| (&said[..=end], &said[end + 2..]))
}

/// One line of detail on a version: what it waits for, what is wrong, or what it does.
pub fn doing(live: &VersionLive) -> String {
    let unhealthy = live.nodes.iter().find(|node| node.health == Health::Error);
    let waiting = live.nodes.iter().find(|node| node.health == Health::Starting);
    let said = |node: &crate::model::NodeLive, otherwise: &str| {
        format!("{}: {}", node.node, node.reason.as_deref().unwrap_or(otherwise))
    };
    match live.status() {
        Status::Stopped | Status::Stopping if start_failed(live) => {
            // The first sentence says that the start failed, as the badge does; the second has process and cause.
            let chain = live.failure.as_ref().map_or(&[] as &[String], |failure| &failure.chain);
            cause_and_advice(chain.get(1).or(chain.first()).map_or("", String::as_str)).0.to_owned()
        }
        Status::Stopped if !live.situation.missing_configuration.is_empty() => {
            format!("needs configuration: {}", live.situation.missing_configuration.join(", "))
        }
        Status::Starting | Status::Started | Status::Publishing | Status::Published => match (unhealthy, waiting) {
            (Some(node), _) => said(node, "unhealthy"),
            (None, Some(node)) => said(node, "not ready yet"),
            (None, None) => {
                let (ready, all) = live.ready();
                format!("{ready} of {all} ready")
            }
        },
        Status::Stopping => "deleting its Kubernetes objects".to_owned(),
        Status::Stopped => "ready to start".to_owned(),
        Status::Archived => "package kept".to_owned(),
    }
}

/// Describes the effect of an action, for its form.
pub fn meaning(action: Action, version: &str, namespace: &str) -> String {
    match action {
        Action::Create => String::new(),
        Action::Start => format!(
            "Creates the Kubernetes objects of {version} in {namespace}. Once all processes are ready, the version can be reached inside the cluster, but not from outside."
        ),
        Action::Stop => format!(
            "Deletes the Kubernetes objects of {version} from {namespace}. The last 1,000 log lines of each process are kept."
        ),
        Action::Publish => format!(
            "Routes external requests to {version}. Inside the cluster, its Service is then called active-entrypoint instead of {version}."
        ),
        Action::Unpublish => format!(
            "External requests will no longer be answered. {version} keeps running; inside the cluster, its Service is called {version} again."
        ),
        Action::Archive => format!("Hides {version} from the list and keeps its package. This cannot be undone."),
    }
}

/// The label of an audit entry's kind; URLs and the store use the kind itself.
pub fn kind(kind: &str) -> &str {
    match kind {
        "create-runtime" => "Runtime created",
        "create" => "Version added",
        "configure" => "Configuration saved",
        "sign-in" => "Signed in",
        "ready" => "All processes ready",
        "failure" => "Failure",
        "gone" => "Stopped",
        "switched" => "Published",
        "withdrawn" => "Unpublished",
        other => match Action::parse(other) {
            Some(action) => action.title(),
            None => other,
        },
    }
}

/// The cluster's kind, as shown in the top bar.
pub fn cluster(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Embedded => "embedded cluster (simulated)",
        ClusterKind::Kubeconfig => "kubeconfig cluster",
        ClusterKind::InCluster => "in-cluster",
    }
}

/// Joins names and shows at most three of them: `a, b, c and 4 more`.
pub fn listed(names: &[String]) -> String {
    let first = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{first} and {} more", names.len() - 3) } else { first }
}

/// `1.5 MiB`, `32 KiB`, `17 bytes`: units of 1024, as limits and options have them; a digit behind the point below 10.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let Some(unit) = (1..=UNITS.len()).rev().find(|unit| bytes >> (10 * unit) > 0) else {
        return count(bytes as usize, "byte");
    };
    let name = UNITS[unit - 1];
    // Tenths, rounded; of the rest only the first ten bits behind the point, since all of it times ten would not fit.
    let rest = (bytes >> (10 * (unit - 1))) & 1023;
    let tenths = (bytes >> (10 * unit)) * 10 + (rest * 10 + 512) / 1024;
    match (tenths / 10, tenths % 10) {
        (whole, tenths @ 1..) if whole < 10 => format!("{whole}.{tenths} {name}"),
        (whole, _) => format!("{whole} {name}"),
    }
}

/// `1 version`, `2 versions`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests;
