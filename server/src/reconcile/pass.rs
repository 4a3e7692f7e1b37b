//! One pass over a runtime: reads the desired and recorded states, and runs the matching phase for each version.

use std::collections::HashMap;

use krt::lifecycle::{Desired, Recorded};

use super::ReconcileError;
use super::context::{Context, VersionMemory, Wait, sooner};
use super::phases::lease::{May, hold_lease};
use super::phases::{prune, publish, start, steady_state, stop, unpublish};
use crate::cluster::Cluster;
use crate::state::Version;
use crate::store::Store;

/// What passes remember, by version uid. Losing it is harmless.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<String, VersionMemory>);

/// Reconciles every version of a runtime once. An error with one version does not stop the others; the first error is
/// returned.
pub(super) async fn pass(
    store: &Store,
    cluster: &Cluster,
    runtime: &str,
    memory: &mut Memory,
) -> Result<Wait, ReconcileError> {
    let Some(runtime) = store.runtime(runtime).await? else { return Ok(None) };
    // One snapshot of all versions: which one is published and which one replaces it follows from these rows alone.
    let mut versions = store.busy_versions(Some(&runtime.id)).await?;
    versions.retain(|version| version.recorded != Recorded::Stopped || version.desired != Desired::Stopped);
    memory.0.retain(|uid, _| versions.iter().any(|version| version.uid == *uid));
    let context = Context { store, cluster, runtime: &runtime, versions: &versions };

    let held = match hold_lease(&context).await {
        May::Act => None,
        May::Look(error) => Some(error),
        May::Wait(wait) => return Ok(Some(wait)),
    };
    let mut wait = None;
    let mut first_error: Option<ReconcileError> = None;
    for version in &versions {
        let memory = memory.0.entry(version.uid.clone()).or_default();
        match step(&context, version, memory).await {
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
    if cluster.is_read(context.runtime)
        && let Err(error) = prune::remove(&context).await
    {
        first_error.get_or_insert(error);
    }
    // An error that keeps this process from acting at all takes precedence.
    held.map(ReconcileError::from).or(first_error).map_or(Ok(wait), Err)
}

/// Runs the phase that follows from the desired and the recorded state.
async fn step(context: &Context<'_>, version: &Version, memory: &mut VersionMemory) -> Result<Wait, ReconcileError> {
    // Until everything was listed, absent objects cannot be distinguished from unseen ones; only deadlines still count.
    let is_read = context.cluster.is_read(context.runtime);
    match (version.desired, version.recorded) {
        (Desired::Started, Recorded::Partial) => start::start(context, version, memory).await,
        (Desired::Archived, _) | (_, Recorded::Archived) => Ok(None),
        _ if !is_read => Ok(None),
        (Desired::Stopped, _) => stop::stop(context, version).await,
        (Desired::Started, Recorded::Started) => steady_state::started(context, version).await,
        (Desired::Published, Recorded::Started) => publish::publish(context, version, memory).await,
        (Desired::Published, Recorded::Published) => steady_state::published(context, version).await,
        (Desired::Started, Recorded::Published) => unpublish::unpublish(context, version).await,
        // The schema allows no other pairs; an unknown one is left alone.
        (Desired::Started, Recorded::Stopped) | (Desired::Published, Recorded::Stopped | Recorded::Partial) => Ok(None),
    }
}
