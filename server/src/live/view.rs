//! The part of a version that changes over time, shared by pages and the live stream.

use app::budget::{cut, weight};
use app::model::{Failure, Health, MOST_NODES, NodeLive, VersionLive};
use app::visible;
use krt::lifecycle::Status;

use crate::cluster::Cluster;
use crate::state::{Runtime, Version};

/// Maximum number of unhealthy nodes shown of a version with more nodes than a page draws.
const MOST_UNHEALTHY: usize = 50;

/// Maximum weight of all nodes' reasons on a page, and characters of one reason.
const REASONS: usize = 60_000;
const LONGEST_REASON: usize = 300;

/// Maximum number of missing values listed by name; the rest are counted.
const MOST_MISSING: usize = 20;

/// Maximum number of causes of a failure, characters of each, and last log lines.
const MOST_CAUSES: usize = 8;
const LONGEST_CAUSE: usize = 500;
const MOST_LINES: usize = 20;

/// The current state of a version, from the store and the cluster's watches, without network requests. The size is
/// bounded for pages and events, regardless of the size of the version and of what the cluster reports.
pub fn version_live(cluster: &Cluster, runtime: &Runtime, version: &Version) -> VersionLive {
    let mut situation = version.situation(runtime);
    let missing = situation.missing_configuration.len();
    if missing > MOST_MISSING {
        situation.missing_configuration.truncate(MOST_MISSING);
        situation.missing_configuration.push(format!("and {} more", missing - MOST_MISSING));
    }
    let archived = situation.status == Status::Archived;
    let nodes = if archived { Vec::new() } else { cluster.nodes(runtime, version) };
    VersionLive {
        version: version.name.clone(),
        situation,
        since: version.since,
        since_by: version.since_by.clone(),
        all: count(nodes.len()),
        well: count(nodes.iter().filter(|node| node.health == Health::Started).count()),
        nodes: shown(nodes),
        failure: version.failure.clone().map(short),
        last_rejection: cluster.last_rejection(version).map(|words| cut(words, LONGEST_CAUSE)),
        address_inside: cluster.address_inside(runtime, version),
        address_outside: cluster.address_outside(runtime, version),
    }
}

/// All nodes, or only the unhealthy ones when there are too many, with errors first.
fn shown(mut nodes: Vec<NodeLive>) -> Vec<NodeLive> {
    if nodes.len() > MOST_NODES + 1 {
        nodes.retain(|node| matches!(node.health, Health::Error | Health::Starting));
        nodes.sort_by_key(|node| node.health != Health::Error);
        nodes.truncate(MOST_UNHEALTHY);
    }
    let mut left = REASONS;
    for node in &mut nodes {
        let reason = node.reason.take().map(|reason| cut(visible::line(&reason), LONGEST_REASON));
        node.reason = reason.filter(|reason| {
            let rest = left.checked_sub(weight(reason));
            left = rest.unwrap_or(left);
            rest.is_some()
        });
    }
    nodes
}

/// Shortens a failure for a page. Control characters in log lines are made visible.
fn short(failure: Failure) -> Failure {
    let chain = failure.chain.into_iter().take(MOST_CAUSES).map(|cause| cut(cause, LONGEST_CAUSE)).collect();
    let lines = &failure.last_lines;
    let last = lines[lines.len().saturating_sub(MOST_LINES)..].iter();
    let last_lines = last.map(|line| cut(visible::line(line), LONGEST_CAUSE)).collect();
    Failure { chain, last_lines, ..failure }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Reduces the state to what the list of versions shows: one node and the first causes of a failure.
pub fn in_a_list(mut live: VersionLive) -> VersionLive {
    let shown = [Health::Error, Health::Starting]
        .into_iter()
        .find_map(|health| live.nodes.iter().position(|node| node.health == health));
    live.nodes = shown.map(|at| live.nodes.swap_remove(at)).into_iter().collect();
    if let Some(failure) = &mut live.failure {
        failure.chain.truncate(2);
        failure.last_lines.clear();
    }
    live
}
