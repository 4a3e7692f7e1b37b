//! DELETE of one object or of a collection, and eviction of a pod.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::body::Body;
use super::{Call, render};
use crate::kinds::Resource;
use crate::registry::{self, DeleteOptions, Preconditions, Propagation};
use crate::status::ApiError;
use crate::store::Key;

/// Deletes one object.
pub fn delete(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let body = body.options()?;
    let options = options(call, &body)?;
    let (kind, key) = (call.target.kind, call.target.key());
    let dry = body["dryRun"].as_array().is_some_and(|modes| modes.iter().any(|mode| mode == "All"));
    let work = |write: &mut crate::store::Write<'_>| registry::delete(write, kind, &key, &options);
    let (object, gone) = if dry { call.store.dry_run(work)? } else { call.write(work)? };
    if !gone || kind.id == Resource::Pods {
        return Ok(call.respond(StatusCode::OK, &object));
    }
    let mut details = json!({ "name": key.name, "kind": kind.plural, "uid": object["metadata"]["uid"] });
    if !kind.group.is_empty() {
        details["group"] = kind.group.into();
    }
    let status =
        json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details });
    Ok(render::json(StatusCode::OK, &status))
}

/// Deletes every selected object of a collection.
pub fn delete_all(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let kind = call.target.kind;
    if kind.id == Resource::Namespaces || (kind.namespaced && call.target.namespace.is_none()) {
        return Err(ApiError::method_not_allowed());
    }
    let options = options(call, &body.options()?)?;
    let selection = call.params.selection_of(kind)?;
    let (all, revision) = call.store.list(kind.id, call.target.namespace.as_deref());
    let mut deleted = Vec::new();
    for object in all.iter().filter(|object| selection.matches(object)) {
        let key = Key::of(kind.id, object);
        match call.write(|write| registry::delete(write, kind, &key, &options)) {
            Ok((object, _)) => deleted.push(object),
            Err(error) if error.code == StatusCode::NOT_FOUND => {}
            Err(error) => return Err(error),
        }
    }
    let metadata = json!({ "resourceVersion": revision.to_string() });
    Ok(render::json(StatusCode::OK, &call.accept.list(kind, &deleted, metadata, call.store.clock.now())))
}

/// Evicts a pod: a delete, since there are no disruption budgets here.
pub fn evict(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let body = body.options()?;
    let options = options(call, &body["deleteOptions"])?;
    let (kind, key) = (call.target.kind, call.target.key());
    call.write(|write| registry::delete(write, kind, &key, &options))?;
    let status = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201 });
    Ok(render::json(StatusCode::CREATED, &status))
}

fn options(call: &Call<'_>, body: &Value) -> Result<DeleteOptions, ApiError> {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let policy = text(&body["propagationPolicy"]).or_else(|| call.params.get("propagationPolicy").map(str::to_owned));
    let propagation = match policy.as_deref() {
        None | Some("Background") => Propagation::Background,
        Some("Foreground") => Propagation::Foreground,
        Some("Orphan") => Propagation::Orphan,
        Some(other) => {
            return Err(ApiError::bad_request(format!(
                "propagationPolicy: Unsupported value: \"{other}\": supported values: \"Foreground\", \"Background\", \"Orphan\""
            )));
        }
    };
    // The deprecated equivalent.
    let propagation = match body["orphanDependents"].as_bool() {
        Some(true) => Propagation::Orphan,
        _ => propagation,
    };
    let wanted = &body["preconditions"];
    let preconditions = Preconditions { uid: text(&wanted["uid"]), resource_version: text(&wanted["resourceVersion"]) };
    let grace = match body["gracePeriodSeconds"].as_i64() {
        Some(grace) => Some(grace),
        None => call.params.number("gracePeriodSeconds")?,
    };
    Ok(DeleteOptions { propagation, preconditions, grace })
}
