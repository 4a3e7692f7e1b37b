//! Updates objects: preconditions, immutable fields, generation, field ownership.

use serde_json::Value;

use super::create::has_generation;
use super::delete::finish_if_final;
use super::{admission, defaults, shaped};
use crate::fields::{self, Manager};
use crate::kinds::{Kind, Resource};
use crate::status::{ApiError, Cause};
use crate::store::{Key, Object, Write};
use crate::{meta, validation};

/// The options of an update.
#[derive(Clone, Copy, Debug)]
pub struct UpdateOptions<'a> {
    /// The manager that owns the changed fields; `None` for controllers and where ownership was already recorded.
    pub manager: Option<&'a Manager>,
    /// Whether only the status is written.
    pub status: bool,
}

/// Replaces the object at `key` by `new`.
///
/// # Errors
/// 404, 409 (the resourceVersion or UID in `new` is not the current one), 400 and 422, as in the real server.
pub fn update(
    write: &mut Write<'_>,
    kind: &'static Kind,
    key: &Key,
    new: Value,
    options: UpdateOptions<'_>,
) -> Result<Object, ApiError> {
    let old = write.get(key).ok_or_else(|| ApiError::not_found(kind, &key.name))?;
    guard(kind, key, &old, &new)?;
    let mut new = if options.status { with_status(&old, new) } else { new };
    new["apiVersion"] = old["apiVersion"].clone();
    new["kind"] = old["kind"].clone();
    let ownership = new["metadata"]["managedFields"].take();
    let mut new = shaped(kind, new)?;
    keep_identity(&old, &mut new);
    if !options.status {
        if kind.status && kind.id != Resource::Namespaces {
            restore(&old, &mut new, "status");
        }
        admission::keep_allocated(kind.id, &old, &mut new);
        defaults::set(kind.id, &mut new);
        if kind.id == Resource::Namespaces {
            // The status and the finalizers of the spec belong to the namespace controller.
            restore(&old, &mut new, "status");
            restore(&old, &mut new, "spec");
        }
    }
    if has_generation(kind.id) {
        let generation = old["metadata"]["generation"].as_i64().unwrap_or(1);
        let moved = old["spec"] != new["spec"] && !options.status;
        new["metadata"]["generation"] = (generation + i64::from(moved)).into();
    }
    let causes = validation::updated(kind, &old, &new, write.minor());
    if !causes.is_empty() {
        return Err(ApiError::invalid(kind, &key.name, &causes));
    }
    new["metadata"]["managedFields"] =
        if options.manager.is_some() { old["metadata"]["managedFields"].clone() } else { ownership };
    if new["metadata"]["managedFields"].as_array().is_none_or(Vec::is_empty) {
        meta::clear(&mut new, "managedFields");
    }
    if let Some(manager) = options.manager {
        new = fields::updated(&old, new, manager, write.now());
    }
    Ok(finish_if_final(write, key, new))
}

fn guard(kind: &Kind, key: &Key, old: &Value, new: &Value) -> Result<(), ApiError> {
    let name = meta::name(new);
    if name != key.name {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            key.name
        )));
    }
    let namespace = meta::namespace(new);
    if !namespace.is_empty() && namespace != key.namespace {
        return Err(ApiError::bad_request(
            "the namespace of the provided object does not match the namespace sent on the request",
        ));
    }
    let version = meta::text(new, "resourceVersion");
    // Of the supported kinds, only Leases cannot be overwritten unseen (`AllowUnconditionalUpdate`).
    if version.is_empty() && kind.id == Resource::Leases {
        let cause = Cause::invalid("metadata.resourceVersion", &0.into(), "must be specified for an update");
        return Err(ApiError::invalid_as(kind.plural, kind.group, &key.name, &[cause]));
    }
    if !version.is_empty() && version != meta::text(old, "resourceVersion") {
        return Err(ApiError::modified(kind, &key.name));
    }
    let (given, present) = (meta::uid(new), meta::uid(old));
    if !given.is_empty() && given != present {
        let why = format!("Precondition failed: UID in precondition: {given}, UID in object meta: {present}");
        return Err(ApiError::conflict(kind, &key.name, &why));
    }
    Ok(())
}

/// The result of a write to the status subresource: only the status and `managedFields` are taken from `new`.
fn with_status(old: &Value, mut new: Value) -> Value {
    let mut whole = old.clone();
    whole["status"] = new["status"].take();
    if whole["status"].is_null() {
        whole.as_object_mut().map(|map| map.remove("status"));
    }
    whole["metadata"]["managedFields"] = new["metadata"]["managedFields"].take();
    whole
}

const IDENTITY: [&str; 6] =
    ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"];

fn keep_identity(old: &Value, new: &mut Value) {
    let namespace = meta::namespace(old).to_owned();
    let metadata = meta::of(new);
    if !namespace.is_empty() {
        metadata.insert("namespace".to_owned(), namespace.into());
    }
    for field in IDENTITY {
        match &old["metadata"][field] {
            Value::Null => metadata.remove(field),
            value => metadata.insert(field.to_owned(), value.clone()),
        };
    }
}

fn restore(old: &Value, new: &mut Value, field: &str) {
    match &old[field] {
        Value::Null => {
            new.as_object_mut().map(|map| map.remove(field));
        }
        value => new[field] = value.clone(),
    }
}
