//! Deleting an object: preconditions, grace, finalizers, propagation.

use serde_json::{Value, json};

use crate::kinds::{Kind, Resource};
use crate::status::ApiError;
use crate::store::{Key, Object, Write};
use crate::{clock, meta};

/// What happens to what the object owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// The garbage collector deletes it afterwards.
    #[default]
    Background,
    /// The object waits until all of it is gone.
    Foreground,
    /// It stays, without its owner.
    Orphan,
}

/// What must be true of the object.
#[derive(Clone, Debug, Default)]
pub struct Preconditions {
    pub uid: Option<String>,
    pub resource_version: Option<String>,
}

/// The options of a delete.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    pub propagation: Propagation,
    pub preconditions: Preconditions,
    /// Seconds for pods; `None` takes the pod's own.
    pub grace: Option<i64>,
}

/// The finalizer of a foreground deletion.
pub const FOREGROUND: &str = "foregroundDeletion";
/// The finalizer of a deletion that leaves dependents behind.
pub const ORPHAN: &str = "orphan";

/// Deletes the object, or begins to: the answer has a deletionTimestamp while somebody still holds it.
///
/// # Errors
/// 404, 409 when a precondition does not hold.
pub fn delete(
    write: &mut Write<'_>,
    kind: &'static Kind,
    key: &Key,
    options: &DeleteOptions,
) -> Result<(Object, bool), ApiError> {
    let old = write.get(key).ok_or_else(|| ApiError::not_found(kind, &key.name))?;
    check(kind, key, &old, &options.preconditions)?;
    let mut object = old.as_ref().clone();
    let finalizer = match options.propagation {
        Propagation::Background => None,
        Propagation::Foreground => Some(FOREGROUND),
        Propagation::Orphan => Some(ORPHAN),
    };
    if let Some(finalizer) = finalizer.filter(|finalizer| !meta::finalizers(&old).any(|one| one == *finalizer)) {
        let list = meta::of(&mut object).entry("finalizers").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(finalizer.into());
        }
    }
    let grace = grace(kind.id, &old, options.grace);
    let before = old["metadata"]["deletionGracePeriodSeconds"].as_i64();
    if !meta::is_deleting(&old) || before.is_some_and(|before| grace < before) {
        let due = write.now() + jiff::SignedDuration::from_secs(grace);
        let metadata = meta::of(&mut object);
        metadata.insert("deletionTimestamp".to_owned(), clock::seconds(due).into());
        metadata.insert("deletionGracePeriodSeconds".to_owned(), grace.into());
    }
    if kind.id == Resource::Namespaces {
        object["status"]["phase"] = "Terminating".into();
    }
    let gone = is_final(kind.id, &object);
    Ok((finish_if_final(write, key, object), gone))
}

fn check(kind: &Kind, key: &Key, old: &Value, wanted: &Preconditions) -> Result<(), ApiError> {
    let present = meta::uid(old);
    if let Some(uid) = wanted.uid.as_deref().filter(|uid| *uid != present) {
        let happened = "deleted and then recreated";
        return Err(ApiError::precondition(kind, &key.name, "UID", uid, present, happened));
    }
    let present = meta::text(old, "resourceVersion");
    if let Some(version) = wanted.resource_version.as_deref().filter(|version| *version != present) {
        return Err(ApiError::precondition(kind, &key.name, "ResourceVersion", version, present, "modified"));
    }
    Ok(())
}

/// Only pods that were scheduled have something to wind down.
fn grace(resource: Resource, object: &Value, asked: Option<i64>) -> i64 {
    let finished = matches!(object["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    if resource != Resource::Pods || object["spec"]["nodeName"].is_null() || finished {
        return 0;
    }
    asked.or_else(|| object["spec"]["terminationGracePeriodSeconds"].as_i64()).unwrap_or(30).max(0)
}

/// Is there nothing left that keeps a deleted object?
fn is_final(resource: Resource, object: &Value) -> bool {
    meta::is_deleting(object)
        && meta::finalizers(object).next().is_none()
        && object["metadata"]["deletionGracePeriodSeconds"].as_i64().unwrap_or(0) == 0
        && (resource != Resource::Namespaces || object["spec"]["finalizers"].as_array().is_none_or(Vec::is_empty))
}

/// Puts the object, or removes it when it was being deleted and nothing holds it any more.
pub fn finish_if_final(write: &mut Write<'_>, key: &Key, object: Value) -> Object {
    if is_final(key.resource, &object) { write.remove(key.clone(), object) } else { write.put(key.clone(), object) }
}
