//! What the watches have seen so far.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::model::{Timestamp, Unreachable};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, Secret, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::Ingress;
use tokio::sync::watch;

use super::shelf::Shelf;
use super::warnings::Warnings;
use super::watch::NEEDED;

/// One shelf for each kind, and whether they can be trusted.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) namespaces: Shelf<Namespace>,
    pub(super) config_maps: Shelf<ConfigMap>,
    pub(super) secrets: Shelf<Secret>,
    pub(super) services: Shelf<Service>,
    pub(super) slices: Shelf<EndpointSlice>,
    pub(super) deployments: Shelf<Deployment>,
    pub(super) pods: Shelf<Pod>,
    pub(super) ingresses: Shelf<Ingress>,
    pub(super) warnings: Warnings,
    /// How many shelves have had their first list.
    read: watch::Sender<usize>,
    /// Counts up with every event.
    revision: watch::Sender<u64>,
    /// Kinds that cannot be read now: since when, and why.
    unreachable: Mutex<BTreeMap<String, Unreachable>>,
}

impl Seen {
    /// Whether every shelf had its first list, so that what is not there is known not to be there.
    pub(super) fn is_read(&self) -> bool {
        *self.read.borrow() >= NEEDED
    }

    /// Waits until everything is read, but not for ever: the cluster may be away.
    pub(super) async fn until_read(&self, at_most: Duration) -> bool {
        let mut read = self.read.subscribe();
        tokio::time::timeout(at_most, read.wait_for(|read| *read >= NEEDED)).await.is_ok()
    }

    /// Waits until `condition` holds of what was seen; `false` when that takes too long.
    pub(super) async fn until(&self, at_most: Duration, condition: impl Fn(&Seen) -> bool) -> bool {
        let mut revision = self.revision.subscribe();
        tokio::time::timeout(at_most, revision.wait_for(|_| condition(self))).await.is_ok()
    }

    /// Since when the cluster cannot be read, and why.
    pub(super) fn unreachable(&self) -> Option<Unreachable> {
        let unreachable = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        unreachable.values().min_by_key(|one| one.since).cloned()
    }

    pub(super) fn read_one_more(&self) {
        self.read.send_modify(|read| *read += 1);
    }

    pub(super) fn turn(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Notes that a kind cannot be read; `true`: that is news.
    pub(super) fn is_unreachable(&self, kind: &str, now: Timestamp, why: String) -> bool {
        let mut all = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = all.is_empty();
        let entry = all.entry(kind.to_owned()).or_insert(Unreachable { since: now, why: String::new() });
        entry.why = why;
        is_news
    }

    /// Notes that a kind can be read; `true`: the cluster as a whole can be read again.
    pub(super) fn is_reached(&self, kind: &str) -> bool {
        let mut all = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(kind).is_some() && all.is_empty()
    }
}
