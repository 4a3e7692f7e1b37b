//! The task of one runtime: a pass, then a sleep until a notification, a deadline, or the time to retry.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::pass::{self, Memory};
use crate::backoff::Backoff;
use crate::cluster::Cluster;
use crate::store::Store;

/// Changes come in bursts; one pass handles all that arrive within this time.
const GATHER: Duration = Duration::from_millis(20);

/// How long notifications are ignored after an error: short enough for a person's action, long enough to damp a storm
/// of events.
const DEBOUNCE_AFTER_ERROR: Duration = Duration::from_secs(1);

pub(super) async fn runtime_task(
    store: Store,
    cluster: Cluster,
    runtime: String,
    wake: Arc<Notify>,
    shutdown: CancellationToken,
) {
    let mut memory = Memory::default();
    let mut backoff = Backoff::default();
    while !shutdown.is_cancelled() {
        let (wait, debounce) = match pass::pass(&store, &cluster, &runtime, &mut memory).await {
            Ok(wait) => {
                backoff.reset();
                (wait, GATHER)
            }
            Err(error) => {
                let wait = backoff.next();
                tracing::warn!(runtime, error = &error as &dyn std::error::Error, ?wait, "the pass failed; retrying");
                (Some(wait), wait.min(DEBOUNCE_AFTER_ERROR))
            }
        };
        tokio::select! {
            () = woken(&wake, wait, debounce) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

/// Sleeps for `debounce`, then until a notification or until `wait` is over.
async fn woken(wake: &Notify, wait: Option<Duration>, debounce: Duration) {
    tokio::time::sleep(debounce).await;
    match wait {
        Some(wait) => {
            let _ = tokio::time::timeout(wait.saturating_sub(debounce), wake.notified()).await;
        }
        None => wake.notified().await,
    }
}
