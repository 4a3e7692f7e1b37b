//! PATCH: server-side apply and the three other patch types.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::Call;
use super::body::Body;
use super::create::strict;
use crate::access::{self, Attributes};
use crate::fields;
use crate::kinds::Kind;
use crate::meta;
use crate::registry::{self, UpdateOptions};
use crate::status::{ApiError, Cause};

const APPLY: &str = "application/apply-patch+yaml";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const JSON: &str = "application/json-patch+json";

/// Patches the object, or only its status.
pub fn patch(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    match body.media_type.as_str() {
        APPLY => apply(call, &body.yaml()?),
        MERGE => change(call, |object| {
            fields::merge_patch(object, &body.json()?);
            Ok(())
        }),
        STRATEGIC => change(call, |object| {
            fields::strategic_merge_patch(object, &body.json()?);
            Ok(())
        }),
        JSON => change(call, |object| fields::json_patch(object, &body.json()?)),
        _ => Err(ApiError::unsupported_media_type(&[JSON, MERGE, STRATEGIC, APPLY])),
    }
}

fn change(call: &Call<'_>, work: impl FnOnce(&mut Value) -> Result<(), ApiError>) -> Result<Response, ApiError> {
    let (kind, key) = (call.target.kind, call.target.key());
    let manager = call.params.manager(&call.agent, &call.target.subresource);
    let options = UpdateOptions { manager: Some(&manager), status: call.target.subresource == "status" };
    let updated = call.write(|write| {
        let old = write.get(&key).ok_or_else(|| ApiError::not_found(kind, &key.name))?;
        let mut new = old.as_ref().clone();
        work(&mut new)?;
        if meta::text(&new, "resourceVersion") != meta::text(&old, "resourceVersion") {
            return Err(ApiError::modified(kind, &key.name));
        }
        strict(call, kind, &new)?;
        let updated = registry::update(write, kind, &key, new, options)?;
        access::confirm(write, &call.who, kind, Some(&old), &updated)?;
        Ok(updated)
    })?;
    Ok(call.respond(StatusCode::OK, &updated))
}

fn apply(call: &Call<'_>, applied: &Value) -> Result<Response, ApiError> {
    let (kind, key) = (call.target.kind, call.target.key());
    if call.params.get("fieldManager").is_none() {
        return Err(without_manager());
    }
    check(kind, &key.name, applied)?;
    strict(call, kind, applied)?;
    let manager = call.params.manager(&call.agent, &call.target.subresource);
    let status = call.target.subresource == "status";
    let force = call.params.is("force");
    let (object, code) = call.write(|write| {
        let now = write.now();
        let Some(old) = write.get(&key) else {
            if status || !meta::text(applied, "resourceVersion").is_empty() {
                return Err(ApiError::not_found(kind, &key.name));
            }
            let object = fields::apply(&Value::Null, applied, &manager, force, now)?;
            // Creating an object by apply also requires permission to create.
            super::access::permit(write, &call.who, &Attributes::on(kind, "create", "", &key.name, &key.namespace))?;
            let created = registry::create(write, kind, &key.namespace, object, None)?;
            access::confirm(write, &call.who, kind, None, &created)?;
            return Ok((created, StatusCode::CREATED));
        };
        let given = meta::text(applied, "resourceVersion");
        if !given.is_empty() && given != meta::text(&old, "resourceVersion") {
            return Err(ApiError::modified(kind, &key.name));
        }
        let given = meta::uid(applied);
        if !given.is_empty() && given != meta::uid(&old) {
            let why =
                format!("Precondition failed: UID in precondition: {given}, UID in object meta: {}", meta::uid(&old));
            return Err(ApiError::conflict(kind, &key.name, &why));
        }
        let merged = fields::apply(&old, applied, &manager, force, now)?;
        let options = UpdateOptions { manager: None, status };
        let updated = registry::update(write, kind, &key, merged, options)?;
        access::confirm(write, &call.who, kind, Some(&old), &updated)?;
        Ok((updated, StatusCode::OK))
    })?;
    Ok(call.respond(code, &object))
}

fn check(kind: &Kind, name: &str, applied: &Value) -> Result<(), ApiError> {
    let (version, named) = (&applied["apiVersion"], &applied["kind"]);
    if !version.is_string() || !named.is_string() {
        return Err(ApiError::bad_request("invalid object type: apiVersion and kind must be set"));
    }
    if *version != kind.api_version() || *named != kind.kind {
        let (expected, found) = (kind.api_version(), version.as_str().unwrap_or_default());
        return Err(ApiError::bad_request(format!(
            "the API version in the data ({found}) does not match the expected API version ({expected})"
        )));
    }
    let given = meta::name(applied);
    if !given.is_empty() && given != name {
        return Err(ApiError::bad_request(format!(
            "the name of the object ({given}) does not match the name on the URL ({name})"
        )));
    }
    if applied["metadata"]["managedFields"].as_array().is_some_and(|fields| !fields.is_empty()) {
        return Err(ApiError::bad_request("metadata.managedFields must be nil"));
    }
    Ok(())
}

fn without_manager() -> ApiError {
    let cause = Cause::required("fieldManager", "is required for apply patch");
    ApiError::invalid_as("PatchOptions", "meta.k8s.io", "", &[cause])
}
