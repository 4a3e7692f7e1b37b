//! What every task about the cluster works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cache::ClusterCache;
use crate::changes::ChangeBus;
use crate::supervise::Supervisor;

/// The namespaces of the runtimes, each with its runtime's ID.
pub(super) type Namespaces = Arc<tokio::sync::watch::Sender<BTreeMap<String, String>>>;

/// Shared by the watches, the Leases and the check of permissions.
#[derive(Clone)]
pub(super) struct Start {
    pub(super) client: kube::Client,
    pub(super) seen: Arc<ClusterCache>,
    pub(super) changes: ChangeBus,
    pub(super) namespaces: Namespaces,
    pub(super) supervisor: Supervisor,
}
