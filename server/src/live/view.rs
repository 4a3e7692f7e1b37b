//! The part of a version that changes while people look: the same for pages and for the live stream.

use app::model::VersionLive;
use krt::lifecycle::Status;

use crate::cluster::Cluster;
use crate::store::{RuntimeRow, VersionRow};

/// What the store decided and the cluster's watches see of a version now; nothing is asked of the network.
pub fn version_live(cluster: &Cluster, runtime: &RuntimeRow, version: &VersionRow) -> VersionLive {
    let situation = version.situation(runtime);
    let archived = situation.status == Status::Archived;
    VersionLive {
        version: version.name.clone(),
        situation,
        since: version.since,
        since_by: version.since_by.clone(),
        nodes: if archived { Vec::new() } else { cluster.nodes(runtime, version) },
        failure: version.failure.clone(),
        obstacle: cluster.obstacle(version),
        address_inside: cluster.address_inside(runtime, version),
        address_outside: cluster.address_outside(runtime, version),
    }
}
