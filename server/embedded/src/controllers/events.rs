//! Events (v1): recorded, counted when they repeat, deleted after an hour.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Requeue;
use crate::kinds::Resource;
use crate::random;
use crate::status::ApiError;
use crate::store::{Key, Store};
use crate::{clock, meta};

/// How long the API server keeps an event (`--event-ttl`).
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// An event about an object.
pub struct Note<'a> {
    /// `Normal` or `Warning`.
    pub kind: &'a str,
    pub reason: &'a str,
    pub message: String,
    /// The reporting component: `kubelet`, `default-scheduler`, …
    pub source: &'a str,
    /// `spec.containers{name}` or empty.
    pub field: String,
}

/// Records the event about `object`; a repeated event only increases the count.
pub fn record(store: &Store, resource: Resource, object: &Value, note: Note<'_>) -> Result<(), ApiError> {
    let (name, namespace) = (meta::name(object), meta::namespace(object));
    let identity = format!("{}/{}/{}/{}/{}", meta::uid(object), note.kind, note.reason, note.message, note.field);
    let key = Key::new(Resource::Events, namespace, &format!("{name}.{:016x}", random::hash(&identity)));
    store.write(|write| {
        let closed =
            write.get(&Key::new(Resource::Namespaces, "", namespace)).is_none_or(|one| meta::is_deleting(&one));
        if closed {
            return Ok(());
        }
        let now = clock::seconds(write.now());
        if let Some(present) = write.get(&key) {
            let mut event = present.as_ref().clone();
            event["count"] = (event["count"].as_i64().unwrap_or(1) + 1).into();
            event["lastTimestamp"] = now.into();
            write.put(key, event);
            return Ok(());
        }
        let kind = resource.kind();
        let mut about = json!({
            "kind": kind.kind,
            "apiVersion": kind.api_version(),
            "namespace": namespace,
            "name": name,
            "uid": meta::uid(object),
            "resourceVersion": meta::text(object, "resourceVersion"),
        });
        if !note.field.is_empty() {
            about["fieldPath"] = note.field.into();
        }
        let event = json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {
                "name": key.name,
                "namespace": namespace,
                "uid": write.random().uid(),
                "creationTimestamp": now,
            },
            "involvedObject": about,
            "type": note.kind,
            "reason": note.reason,
            "message": note.message,
            "source": { "component": note.source },
            "reportingComponent": note.source,
            "reportingInstance": "",
            "firstTimestamp": now,
            "lastTimestamp": now,
            "eventTime": null,
            "count": 1,
        });
        write.put(key, event);
        Ok(())
    })
}

/// Deletes an event whose time to live has passed.
pub fn expire(store: &Store, key: &Key) -> Result<Requeue, ApiError> {
    let Some(event) = store.get(key) else { return Ok(None) };
    // Events of other writers may have old timestamps; the hour starts when the event was created, at the earliest.
    let last = event["lastTimestamp"].as_str().and_then(clock::parse).max(meta::created(&event));
    let due = last.unwrap_or(jiff::Timestamp::UNIX_EPOCH) + KEPT;
    if due > store.clock.now() {
        return Ok(Some(due));
    }
    store.write(|write| {
        write.remove(key.clone(), event.as_ref().clone());
        Ok(())
    })?;
    Ok(None)
}
