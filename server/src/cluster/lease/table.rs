//! What is known of each namespace's Lease: held by us until when, seen in whose hands, wanted by us or not.

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
    /// As it was last seen, and since when it has been so.
    seen: Option<(Record, Instant)>,
    /// The runtime that waits for it, and since when.
    waiting: Option<(String, Timestamp)>,
    /// Why it could not be asked for the last time.
    refused: Option<String>,
}

struct Held {
    fresh_until: Instant,
    renewal: AbortHandle,
}

impl LeaseTable {
    /// How long writes may begin; `None`: they may not.
    pub(super) fn left(&self, namespace: &str, now: Instant) -> Option<Duration> {
        let held = self.0.get(namespace)?.held.as_ref()?;
        held.fresh_until.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// We hold it, and `renewal` keeps it; `true`: somebody else was waited for.
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

    /// We do not hold it any more, and do not want it; `true`: we did.
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

    /// Notes what was seen; `true`: it is in other hands than before. While it is ours, what is seen may be older than
    /// what we wrote; that it was lost is found by the next renewal.
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

    /// A runtime waits for it; `true`: that is news.
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
