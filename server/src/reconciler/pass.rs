//! One pass over a runtime: reads what is wished, and gives each version to the phase that is its turn.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use krt::lifecycle::Event;

use super::hold::{May, hold};
use super::{ReconcileError, keep, leftovers, publish, start, stop, unpublish};
use crate::cluster::Cluster;
use crate::store::{RuntimeRow, Settled, Store, VersionRow, Wish};

/// What a pass works with.
pub(super) struct Scene<'a> {
    pub(super) store: &'a Store,
    pub(super) cluster: &'a Cluster,
    pub(super) runtime: &'a RuntimeRow,
    /// Every version that runs, or has a wish or a past that touches the cluster.
    pub(super) versions: &'a [VersionRow],
}

/// What is remembered from pass to pass, and may be forgotten: by version uid.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<String, VersionMemory>);

#[derive(Debug, Default)]
pub(super) struct VersionMemory {
    /// Since when each process (workflow and node) is in a trouble that hardly heals.
    pub(super) troubled: HashMap<(String, String), Instant>,
    /// Why the last pass could not go on.
    pub(super) last_error: Option<String>,
}

/// When to look again though nothing changes; `None`: never.
pub(super) type Wait = Option<Duration>;

/// Looks at every version of a runtime once. An error with one version does not keep the others waiting; the first one
/// is returned.
pub(super) async fn pass(
    store: &Store,
    cluster: &Cluster,
    runtime: &str,
    memory: &mut Memory,
) -> Result<Wait, ReconcileError> {
    let Some(runtime) = store.runtime(runtime).await? else { return Ok(None) };
    // One snapshot of all versions: who is published and who replaces him is read from them alone.
    let mut versions = store.busy_versions(Some(&runtime.id)).await?;
    versions.retain(|version| version.settled != Settled::Stopped || version.wish != Wish::Stopped);
    memory.0.retain(|uid, _| versions.iter().any(|version| version.uid == *uid));
    let scene = Scene { store, cluster, runtime: &runtime, versions: &versions };

    let held = match hold(&scene).await {
        May::Act => None,
        May::Look(error) => Some(error),
        May::Wait(wait) => return Ok(Some(wait)),
    };
    let mut wait = None;
    let mut first_error: Option<ReconcileError> = None;
    for version in &versions {
        let memory = memory.0.entry(version.uid.clone()).or_default();
        match step(&scene, version, memory).await {
            Ok(next) => {
                memory.last_error = None;
                cluster.note_attempt(&runtime, version, held.as_ref());
                wait = sooner(wait, next);
            }
            Err(error) => {
                memory.last_error = Some(error.to_string());
                if let ReconcileError::Cluster(error) = &error {
                    cluster.note_attempt(&runtime, version, held.as_ref().or(Some(error)));
                }
                first_error.get_or_insert(error);
            }
        }
    }
    if cluster.is_read(scene.runtime)
        && let Err(error) = leftovers::remove(&scene).await
    {
        first_error.get_or_insert(error);
    }
    // What keeps this process from acting at all comes first.
    held.map(ReconcileError::from).or(first_error).map_or(Ok(wait), Err)
}

/// The phase whose turn it is, by what is wished and what is settled.
async fn step(scene: &Scene<'_>, version: &VersionRow, memory: &mut VersionMemory) -> Result<Wait, ReconcileError> {
    // Until everything was read, what is not there cannot be told from what is not known; only time still passes.
    let is_read = scene.cluster.is_read(scene.runtime);
    match (version.wish, version.settled) {
        (Wish::Started, Settled::Partial) => start::start(scene, version, memory).await,
        (Wish::Archived, _) | (_, Settled::Archived) => Ok(None),
        _ if !is_read => Ok(None),
        (Wish::Stopped, _) => stop::stop(scene, version).await,
        (Wish::Started, Settled::Started) => keep::started(scene, version).await,
        (Wish::Published, Settled::Started) => publish::publish(scene, version, memory).await,
        (Wish::Published, Settled::Published) => keep::published(scene, version).await,
        (Wish::Started, Settled::Published) => unpublish::unpublish(scene, version).await,
        // The schema allows no other pairs; nothing is done to what is not understood.
        (Wish::Started, Settled::Stopped) | (Wish::Published, Settled::Stopped | Settled::Partial) => Ok(None),
    }
}

impl Scene<'_> {
    /// The version that requests from outside reach, and shall.
    pub(super) fn published(&self) -> Option<&VersionRow> {
        self.versions.iter().find(|version| version.settled == Settled::Published && version.wish == Wish::Published)
    }

    /// Whether the public name is about to move.
    pub(super) fn is_publishing(&self) -> bool {
        self.versions.iter().any(|version| version.wish == Wish::Published && version.settled == Settled::Started)
    }

    /// How long until a version's deadline; zero when it has passed. Without one, never.
    pub(super) fn until_deadline(&self, version: &VersionRow) -> Wait {
        let left = version.deadline?.0.saturating_sub(self.store.now().0);
        Some(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
    }

    /// Tells the store what was seen. It may have been told already, or people want something else by now: the bell
    /// that rings then brings the next pass.
    pub(super) async fn settle(&self, version: &VersionRow, event: Event) -> Result<Wait, ReconcileError> {
        if self.store.settle(&version.uid, event, None).await? {
            tracing::info!(runtime = self.runtime.id, version = version.name, ?event, "settled");
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
