//! What the watches have observed so far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::model::{Timestamp, Unreachable};
use tokio::sync::watch;

use super::kinds::{KINDS, ReflectorStores};
use super::reflector_store::Scope;
use super::warnings::Warnings;

/// The objects of each kind, and whether they are complete.
#[derive(Debug, Default)]
pub(super) struct ClusterCache {
    pub(super) stores: ReflectorStores,
    pub(super) warnings: Warnings,
    /// The scopes in which each kind has been listed completely.
    read: watch::Sender<BTreeMap<String, BTreeSet<Scope>>>,
    /// Incremented with every event.
    revision: watch::Sender<u64>,
    /// Kinds that cannot be read now, with the time and the reason.
    unreachable: Mutex<BTreeMap<String, Unreachable>>,
}

impl ClusterCache {
    /// Whether all kinds were listed for a namespace, so that an unseen object is known not to exist.
    pub(super) fn is_read(&self, namespace: &str) -> bool {
        let (read, one) = (self.read.borrow(), Some(namespace.to_owned()));
        needed().all(|kind| read.get(kind).is_some_and(|read| read.contains(&None) || read.contains(&one)))
    }

    /// Waits for the first list of every kind, at most this long: the cluster may be unreachable.
    pub(super) async fn until_read(&self, at_most: Duration) -> bool {
        let mut read = self.read.subscribe();
        let is_read = |read: &BTreeMap<String, _>| needed().all(|kind| read.contains_key(kind));
        tokio::time::timeout(at_most, read.wait_for(is_read)).await.is_ok()
    }

    /// Waits until `condition` holds; `false` when that takes too long.
    pub(super) async fn until(&self, at_most: Duration, condition: impl Fn(&ClusterCache) -> bool) -> bool {
        let mut revision = self.revision.subscribe();
        tokio::time::timeout(at_most, revision.wait_for(|_| condition(self))).await.is_ok()
    }

    /// Since when the cluster cannot be read, and why; `None`: it can.
    pub(super) fn unreachable(&self) -> Option<Unreachable> {
        let unreachable = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        unreachable.values().min_by_key(|one| one.since).cloned()
    }

    /// Records that a list of this kind is complete.
    pub(super) fn has_read(&self, kind: &str, scope: &Scope) {
        self.read.send_modify(|read| {
            read.entry(kind.to_owned()).or_default().insert(scope.clone());
        });
    }

    /// Forgets which scopes of a kind were listed: it is watched in another way from now on.
    pub(super) fn forget(&self, kind: &str) {
        self.read.send_modify(|read| {
            read.insert(kind.to_owned(), BTreeSet::new());
        });
        let mut all = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|what, _| what != kind && !what.starts_with(&format!("{kind} in ")));
    }

    pub(super) fn turn(&self) {
        self.revision.send_modify(|revision| *revision += 1);
    }

    /// Records that a kind cannot be read; `true`: before, every kind could be.
    pub(super) fn is_unreachable(&self, kind: &str, now: Timestamp, why: String) -> bool {
        let mut all = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = all.is_empty();
        let entry = all.entry(kind.to_owned()).or_insert(Unreachable { since: now, why: String::new() });
        entry.why = why;
        is_news
    }

    /// Records that a kind can be read; `true`: the cluster as a whole can be read again.
    pub(super) fn is_reached(&self, kind: &str) -> bool {
        let mut all = self.unreachable.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(kind).is_some() && all.is_empty()
    }
}

/// The kinds that must have been listed before an unseen object counts as absent; warnings only explain.
fn needed() -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(|kind| kind.is_cached).map(|kind| kind.kind)
}
