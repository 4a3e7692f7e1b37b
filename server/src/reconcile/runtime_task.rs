//! The task of one runtime: a pass, then sleep until the bell, a deadline, or the time to try again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::pass::{self, Memory};
use crate::backoff::Backoff;
use crate::cluster::Cluster;
use crate::store::Store;

/// Changes come in bursts; one pass answers all that come within this time.
const GATHER: Duration = Duration::from_millis(20);

/// How long the bell is not heard after an error: a person's wish is looked at soon, a storm of events is not.
const DEAF_AFTER_ERROR: Duration = Duration::from_secs(1);

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
                tracing::warn!(runtime, error = &error as &dyn std::error::Error, ?wait, "will try again");
                (Some(wait), wait.min(DEAF_AFTER_ERROR))
            }
        };
        tokio::select! {
            () = woken(&wake, wait, debounce) => {}
            () = shutdown.cancelled() => {}
        }
    }
}

/// After `debounce`, returns when the bell rings or `wait` is over.
async fn woken(wake: &Notify, wait: Option<Duration>, debounce: Duration) {
    tokio::time::sleep(debounce).await;
    match wait {
        Some(wait) => {
            let _ = tokio::time::timeout(wait.saturating_sub(debounce), wake.notified()).await;
        }
        None => wake.notified().await,
    }
}
