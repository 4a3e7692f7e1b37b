//! What is known of each namespace's Lease: until when this process holds it, its observed holder, and whether a
//! runtime waits for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use app::model::{Elsewhere, Timestamp};
use tokio::task::AbortHandle;

use super::record::{Record, Verdict};
use crate::cluster::ClusterError;

#[derive(Default)]
pub(super) struct LeaseTable(BTreeMap<String, Entry>);

#[derive(Default)]
struct Entry {
    held: Option<Held>,
    /// The last observed record, and when it was first observed.
    seen: Option<(Record, Instant)>,
    /// The runtime that waits for it, and since when.
    waiting: Option<(String, Timestamp)>,
    /// Why the last attempt to take it failed.
    refused: Option<String>,
}

struct Held {
    fresh_until: Instant,
    renewal: AbortHandle,
}

impl LeaseTable {
    /// For how much longer writes may start; `None`: they may not.
    pub(super) fn left(&self, namespace: &str, now: Instant) -> Option<Duration> {
        let held = self.0.get(namespace)?.held.as_ref()?;
        held.fresh_until.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// Records that this process holds it and `renewal` renews it; `true`: a runtime had to wait for it.
    pub(super) fn began(
        &mut self,
        namespace: &str,
        record: Record,
        fresh_until: Instant,
        renewal: AbortHandle,
    ) -> bool {
        self.end(namespace);
        let entry = self.entry(namespace);
        entry.held = Some(Held { fresh_until, renewal });
        entry.seen = Some((record, Instant::now()));
        entry.refused = None;
        entry.waiting.take().is_some()
    }

    pub(super) fn renewed(&mut self, namespace: &str, record: Record, fresh_until: Instant) {
        let entry = self.entry(namespace);
        entry.seen = Some((record, Instant::now()));
        if let Some(held) = &mut entry.held {
            held.fresh_until = fresh_until;
        }
    }

    /// Records that this process neither holds it nor waits for it; `true`: it was held.
    pub(super) fn end(&mut self, namespace: &str) -> bool {
        let Some(entry) = self.0.get_mut(namespace) else { return false };
        entry.waiting = None;
        let held = entry.held.take();
        if let Some(held) = &held {
            held.renewal.abort();
        }
        held.is_some()
    }

    pub(super) fn held(&self) -> Vec<String> {
        let held = self.0.iter().filter(|(_, entry)| entry.held.is_some());
        held.map(|(namespace, _)| namespace.clone()).collect()
    }

    /// Records an observation; `true`: the holder changed. While this process holds the Lease, observations may be
    /// older than its own writes and are ignored; the next renewal detects a loss.
    pub(super) fn note(&mut self, namespace: &str, record: Record, now: Instant) -> bool {
        let entry = self.entry(namespace);
        let before = entry.seen.as_ref().map(|(record, _)| record.clone());
        if entry.held.is_some() || before.as_ref() == Some(&record) {
            return false;
        }
        let is_news = before.is_none_or(|before| before.holder != record.holder);
        entry.seen = Some((record, now));
        is_news
    }

    pub(super) fn gone(&mut self, namespace: &str) {
        self.0.retain(|name, entry| name != namespace || entry.held.is_some());
    }

    pub(super) fn verdict(&self, namespace: &str, process: &str, now: Instant) -> Verdict {
        let seen = self.0.get(namespace).and_then(|entry| entry.seen.as_ref());
        seen.map_or(Verdict::Free, |(record, at)| record.verdict(process, *at, now))
    }

    pub(super) fn holder(&self, namespace: &str) -> String {
        let seen = self.0.get(namespace).and_then(|entry| entry.seen.as_ref());
        seen.map(|(record, _)| record.holder.clone()).unwrap_or_default()
    }

    /// Records that a runtime waits for it; `true`: none did before.
    pub(super) fn waits(&mut self, namespace: &str, runtime: &str) -> bool {
        let now = Timestamp(jiff::Timestamp::now().as_millisecond());
        let entry = self.entry(namespace);
        entry.refused = None;
        let is_news = entry.waiting.is_none();
        entry.waiting.get_or_insert((runtime.to_owned(), now));
        is_news
    }

    pub(super) fn refused(&mut self, namespace: &str, error: &ClusterError) {
        self.entry(namespace).refused = Some(error.to_string());
    }

    /// Why nothing may be written there.
    pub(super) fn why(&self, namespace: &str) -> String {
        let entry = self.0.get(namespace);
        if let Some(why) = entry.and_then(|entry| entry.refused.clone()) {
            return why;
        }
        match self.holder(namespace) {
            holder if holder.is_empty() => "its Lease could not be renewed in time".to_owned(),
            holder => format!("its Lease was last held by {holder}"),
        }
    }

    pub(super) fn elsewhere(&self) -> Option<Elsewhere> {
        let waiting = || self.0.iter().filter_map(|(namespace, entry)| Some((namespace, entry.waiting.as_ref()?)));
        let (namespace, (_, since)) = waiting().min_by_key(|(_, (_, since))| *since)?;
        let runtimes = waiting().map(|(_, (runtime, _))| runtime.clone()).collect();
        Some(Elsewhere { holder: self.holder(namespace), since: *since, runtimes })
    }

    fn entry(&mut self, namespace: &str) -> &mut Entry {
        self.0.entry(namespace.to_owned()).or_default()
    }
}
