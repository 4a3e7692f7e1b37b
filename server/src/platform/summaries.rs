//! A version in a few words, for its own page and the list of its runtime.

use app::budget::cut;
use app::model::VersionSummary;

use crate::cluster::Cluster;
use crate::live::version_live;
use crate::state::{Runtime, Version};

/// Maximum characters shown of a description; the manifest has the full text.
const LONGEST_DESCRIPTION: usize = 2_000;

pub(super) fn summary(cluster: &Cluster, runtime: &Runtime, version: &Version) -> VersionSummary {
    VersionSummary {
        name: version.name.clone(),
        description: cut(version.manifest.description.to_string(), LONGEST_DESCRIPTION),
        format: version.manifest.format,
        created_at: version.created_at,
        created_by: version.created_by.clone(),
        live: version_live(cluster, runtime, version),
    }
}
