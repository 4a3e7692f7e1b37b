//! The context of every phase: the store, the cluster, and one snapshot of a runtime and its versions.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use krt::lifecycle::{Desired, Event, Recorded};

use super::ReconcileError;
use crate::cluster::Cluster;
use crate::state::{Runtime, Version};
use crate::store::Store;

/// The context of a pass.
pub(super) struct Context<'a> {
    pub(super) store: &'a Store,
    pub(super) cluster: &'a Cluster,
    pub(super) runtime: &'a Runtime,
    /// Every version whose desired or recorded state involves the cluster.
    pub(super) versions: &'a [Version],
}

#[derive(Debug, Default)]
pub(super) struct VersionMemory {
    /// Since when each process (workflow and node) has a problem that rarely resolves by itself.
    pub(super) troubled: HashMap<(String, String), Instant>,
    /// Why the last pass failed.
    pub(super) last_error: Option<String>,
}

/// When to run the next pass though nothing changes; `None`: never.
pub(super) type Wait = Option<Duration>;

impl Context<'_> {
    /// The version that is published and is to stay published.
    pub(super) fn published(&self) -> Option<&Version> {
        self.versions
            .iter()
            .find(|version| version.recorded == Recorded::Published && version.desired == Desired::Published)
    }

    /// Whether the public name is about to move.
    pub(super) fn is_publishing(&self) -> bool {
        self.versions
            .iter()
            .any(|version| version.desired == Desired::Published && version.recorded == Recorded::Started)
    }

    /// How long until a version's deadline; zero when it has passed, `None` without a deadline.
    pub(super) fn until_deadline(&self, version: &Version) -> Wait {
        let left = version.deadline?.0.saturating_sub(self.store.now().0);
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }

    /// Records an event in the store. The event may be recorded already, or the desired state may have changed: the
    /// notification of that change triggers the next pass.
    pub(super) async fn record(&self, version: &Version, event: Event) -> Result<Wait, ReconcileError> {
        if self.store.record_event(&version.uid, event, None).await? {
            tracing::info!(runtime = self.runtime.id, version = version.name, ?event, "recorded");
        }
        Ok(None)
    }
}

pub(super) fn sooner(one: Wait, other: Wait) -> Wait {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
