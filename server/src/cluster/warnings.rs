//! The cluster's warnings about our objects: the newest message of each object and reason.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use k8s_openapi::api::core::v1::Event;
use k8s_openapi::jiff::Timestamp;

/// The most warnings kept for one namespace: several for each of 200 unhealthy pods.
const KEPT: usize = 1_000;

/// Warnings by namespace, then by object and reason.
#[derive(Debug, Default)]
pub(super) struct Warnings(RwLock<BTreeMap<String, BTreeMap<Key, Warning>>>);

/// Kind, name, and reason.
type Key = (String, String, String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Warning {
    /// As in `FailedMount`.
    pub(super) reason: String,
    pub(super) message: String,
    /// When it was last seen, by the cluster's clock.
    pub(super) at: Timestamp,
}

impl Warnings {
    /// Keeps the warning if it is newer than the known one.
    pub(super) fn note(&self, event: Event) {
        let about = event.involved_object;
        let (Some(namespace), Some(kind), Some(name)) = (about.namespace, about.kind, about.name) else { return };
        if event.type_.as_deref() != Some("Warning") {
            return;
        }
        let at = event
            .series
            .and_then(|series| series.last_observed_time.map(|time| time.0))
            .or(event.last_timestamp.map(|time| time.0))
            .or(event.event_time.map(|time| time.0))
            .or(event.metadata.creation_timestamp.map(|time| time.0))
            .unwrap_or(Timestamp::UNIX_EPOCH);
        let reason = event.reason.unwrap_or_default();
        let warning = Warning { reason: reason.clone(), message: event.message.unwrap_or_default(), at };
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let of_namespace = all.entry(namespace).or_default();
        let key = (kind, name, reason);
        if of_namespace.get(&key).is_none_or(|known| known.at <= at) {
            of_namespace.insert(key, warning);
        }
        if of_namespace.len() > KEPT {
            let oldest = of_namespace.iter().min_by_key(|(_, warning)| warning.at).map(|(key, _)| key.clone());
            oldest.and_then(|key| of_namespace.remove(&key));
        }
    }

    /// Warnings about one object, newest first.
    pub(super) fn about(&self, namespace: &str, kind: &str, name: &str) -> Vec<Warning> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let from = (kind.to_owned(), name.to_owned(), String::new());
        let of_object = all.get(namespace).into_iter().flat_map(|of_namespace| {
            of_namespace.range(from.clone()..).take_while(|((k, n, _), _)| *k == from.0 && *n == from.1)
        });
        let mut found: Vec<_> = of_object.map(|(_, warning)| warning.clone()).collect();
        found.sort_by_key(|warning| std::cmp::Reverse(warning.at));
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(name: &str, reason: &str, message: &str, at: &str) -> Event {
        serde_json::from_value(json!({
            "metadata": {}, "type": "Warning", "reason": reason, "message": message, "lastTimestamp": at,
            "involvedObject": {"kind": "Pod", "namespace": "kre-demo", "name": name},
        }))
        .unwrap()
    }

    #[test]
    fn the_newest_message_of_each_reason_is_kept_and_the_newest_reason_comes_first() {
        let warnings = Warnings::default();
        warnings.note(event("a", "BackOff", "2", "2026-01-01T00:00:02Z"));
        warnings.note(event("a", "BackOff", "1", "2026-01-01T00:00:01Z"));
        warnings.note(event("a", "FailedMount", "3", "2026-01-01T00:00:03Z"));
        warnings.note(event("ab", "BackOff", "other", "2026-01-01T00:00:04Z"));
        let about = warnings.about("kre-demo", "Pod", "a");
        let messages: Vec<_> = about.iter().map(|warning| warning.message.as_str()).collect();
        assert_eq!(messages, ["3", "2"]);
    }
}
