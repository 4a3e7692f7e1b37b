//! Deletes objects: preconditions, grace period, finalizers, propagation.

use serde_json::{Value, json};

use crate::kinds::{Kind, Resource};
use crate::status::ApiError;
use crate::store::{Key, Object, Write};
use crate::{clock, meta};

/// What happens to the dependents of the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// The garbage collector deletes them after the object.
    #[default]
    Background,
    /// The object stays until its dependents are gone.
    Foreground,
    /// They stay, without their owner reference.
    Orphan,
}

/// Conditions that the object must meet.
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
    /// Grace period of pods in seconds; `None` uses the one of the pod.
    pub grace: Option<i64>,
}

/// The finalizer of a foreground deletion.
pub const FOREGROUND: &str = "foregroundDeletion";
/// The finalizer of a deletion that orphans the dependents.
pub const ORPHAN: &str = "orphan";

/// Deletes the object or starts its deletion: the returned object has a deletionTimestamp while finalizers or a grace
/// period keep it.
///
/// # Errors
/// 404, 409 when a precondition fails.
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

/// The grace period in seconds; only scheduled pods have containers to stop.
fn grace(resource: Resource, object: &Value, asked: Option<i64>) -> i64 {
    let finished = matches!(object["status"]["phase"].as_str(), Some("Succeeded" | "Failed"));
    if resource != Resource::Pods || object["spec"]["nodeName"].is_null() || finished {
        return 0;
    }
    asked.or_else(|| object["spec"]["terminationGracePeriodSeconds"].as_i64()).unwrap_or(30).max(0)
}

/// Whether nothing keeps a deleted object any longer.
fn is_final(resource: Resource, object: &Value) -> bool {
    meta::is_deleting(object)
        && meta::finalizers(object).next().is_none()
        && object["metadata"]["deletionGracePeriodSeconds"].as_i64().unwrap_or(0) == 0
        && (resource != Resource::Namespaces || object["spec"]["finalizers"].as_array().is_none_or(Vec::is_empty))
}

/// Stores the object, or removes it when it is being deleted and nothing keeps it any longer.
pub fn finish_if_final(write: &mut Write<'_>, key: &Key, object: Value) -> Object {
    if is_final(key.resource, &object) { write.remove(key.clone(), object) } else { write.put(key.clone(), object) }
}
