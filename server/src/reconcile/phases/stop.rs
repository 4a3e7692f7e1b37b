//! Phase: a stop in progress (cluster). Saves the last log lines while all pods still exist, then deletes the root and
//! with it everything else; when nothing is left, the version is stopped.

use std::time::Duration;

use futures::future::try_join_all;
use krt::lifecycle::Event;
use krt::names;

use crate::cluster::Owned;
use crate::cluster::objects::ObjectKind;
use crate::reconcile::ReconcileError;
use crate::reconcile::context::{Context, Wait};
use crate::state::Version;
use crate::store::LONGEST_LOG;

/// Lines saved of each pod; the pages state this number.
const LINES: i64 = 1_000;

/// Maximum bytes read of all pods together, and minimum share of one pod.
const MOST_BYTES: usize = 16 * 1024 * 1024;
const LEAST_BYTES: usize = 4 * 1024;

/// When to check again for objects that the watches do not cover (ReplicaSets, which go before their Deployments).
const ASK_AGAIN: Duration = Duration::from_secs(1);

pub(in crate::reconcile) async fn stop(context: &Context<'_>, version: &Version) -> Result<Wait, ReconcileError> {
    let Context { store, cluster, runtime, .. } = context;
    let root = cluster.find(ObjectKind::ConfigMap, &runtime.namespace, &names::root_config_map(&version.name));
    match root {
        // The root stays, marked as being deleted, until everything that it owns is gone. While it is unmarked, all
        // pods still exist, and a stop that was interrupted saves the same logs again.
        Some(root) if !root.is_leaving => {
            let pods = cluster.pods(runtime, version)?;
            // Many pods share the total; few pods get no more than what is stored of one.
            let share = (MOST_BYTES / pods.len().max(1)).clamp(LEAST_BYTES, LONGEST_LOG);
            let logs = cluster.logs(runtime, &pods, LINES, share).await;
            if !logs.is_empty() {
                store.save_logs(&version.uid, logs).await?;
            }
            cluster.delete(&root, Owned::First).await?;
            return Ok(None);
        }
        Some(_) => return Ok(None),
        None => {}
    }
    let left: Vec<_> = cluster.found_of(&version.uid).into_iter().filter(|found| !found.is_leaving).collect();
    try_join_all(left.iter().map(|found| cluster.delete(found, Owned::Later))).await?;
    if !cluster.found_of(&version.uid).is_empty() || cluster.has_traces(&version.uid) {
        return Ok(None);
    }
    if !cluster.is_gone(runtime, &version.uid).await? {
        return Ok(Some(ASK_AGAIN));
    }
    context.record(version, Event::Gone).await
}
