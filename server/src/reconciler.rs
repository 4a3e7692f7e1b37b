//! Brings the cluster to what people wish, and the store to what the cluster shows.

use tokio_util::sync::CancellationToken;

use crate::changes::Changes;
use crate::cluster::Cluster;
use crate::store::Store;

/// Runs until `shutdown`.
pub async fn run(_store: Store, _cluster: Cluster, _changes: Changes, shutdown: CancellationToken) {
    shutdown.cancelled().await;
}
