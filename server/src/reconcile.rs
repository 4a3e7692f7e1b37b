//! Brings the cluster to the desired state, and the recorded state in the store to what the cluster shows: one task for
//! each runtime, so that two never work on the same one, woken by change notifications and by deadlines.
//!
//! Reconciling is level-triggered: a pass does not depend on why it was woken, may fail anywhere, may run twice, and
//! finishes what an earlier pass began, even one of a killed process. A pass over a runtime has these phases:
//!
//! 1. [`pass`]: read the desired state (no cluster),
//! 2. [`hold_lease`]: hold the runtime's Lease, or wait while another process holds it (cluster),
//! 3. [`present`]: apply namespace, root, and what the root owns; prune what is no longer built (cluster),
//! 4. by the desired and the recorded state of each version: [`start`] awaits readiness, [`stop`] saves logs and
//!    deletes, [`publish`] and [`unpublish`] move the public name, [`steady_state`] repairs drift (cluster),
//! 5. [`prune`]: delete the objects of versions that do not run (cluster).

mod runtime_task;

mod pass;

mod context;

mod phases;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::changes::{Change, ChangeBus};
use crate::cluster::{Cluster, ClusterError};
use crate::store::{Store, StoreError};
use crate::supervise::Supervisor;

/// Why a pass failed; the next one retries.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// Runs until `shutdown`, then finishes the passes in progress.
pub async fn run(
    store: Store,
    cluster: Cluster,
    changes: ChangeBus,
    supervisor: Supervisor,
    shutdown: CancellationToken,
) {
    let mut listener = changes.listen();
    let mut tasks = Tasks { store, cluster, supervisor, shutdown, running: HashMap::new(), set: JoinSet::new() };
    let mut next = Some(Change::Everything);
    while let Some(change) = next {
        match change {
            Change::Runtime(runtime) => tasks.wake(runtime),
            Change::RuntimeList | Change::Cluster | Change::Everything => tasks.wake_all().await,
            // An added or archived version has no objects in the cluster.
            Change::VersionList(_) => {}
        }
        next = tokio::select! {
            change = listener.next() => change,
            () = tasks.shutdown.cancelled() => None,
        };
    }
    tasks.shutdown.cancel();
    while tasks.set.join_next().await.is_some() {}
    tasks.cluster.release_all().await;
}

/// The tasks of all runtimes.
struct Tasks {
    store: Store,
    cluster: Cluster,
    supervisor: Supervisor,
    shutdown: CancellationToken,
    running: HashMap<String, Arc<Notify>>,
    set: JoinSet<()>,
}

impl Tasks {
    fn wake(&mut self, runtime: String) {
        if let Some(wake) = self.running.get(&runtime) {
            wake.notify_one();
            return;
        }
        let wake = Arc::new(Notify::new());
        self.running.insert(runtime.clone(), wake.clone());
        let (store, cluster) = (self.store.clone(), self.cluster.clone());
        let (supervisor, shutdown) = (self.supervisor.clone(), self.shutdown.clone());
        self.set.spawn(async move {
            let runtime_task = || {
                runtime_task::runtime_task(
                    store.clone(),
                    cluster.clone(),
                    runtime.clone(),
                    wake.clone(),
                    shutdown.clone(),
                )
            };
            supervisor.until(&shutdown, "runtime reconciler", runtime_task).await;
        });
    }

    /// Wakes every runtime; retries until the store can be read.
    async fn wake_all(&mut self) {
        let mut backoff = Backoff::default();
        loop {
            match self.store.runtimes().await {
                Ok(runtimes) => {
                    self.cluster.look_into(&runtimes);
                    runtimes.into_iter().for_each(|runtime| self.wake(runtime.id));
                    return;
                }
                Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "could not read the runtimes"),
            }
            tokio::select! {
                () = tokio::time::sleep(backoff.next()) => {}
                () = self.shutdown.cancelled() => return,
            }
        }
    }
}

#[cfg(test)]
mod tests;
