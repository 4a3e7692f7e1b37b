//! PUT of an object, of its status, and of a namespace's finalizers.

use axum::http::StatusCode;
use axum::response::Response;

use super::Call;
use super::body::Body;
use super::create::strict;
use crate::access;
use crate::registry::{self, UpdateOptions};
use crate::status::ApiError;

/// Replaces the object, or only its status.
pub fn update(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let object = body.object()?;
    let (kind, key) = (call.target.kind, call.target.key());
    strict(call, kind, &object)?;
    let manager = call.params.manager(&call.agent, &call.target.subresource);
    let options = UpdateOptions { manager: Some(&manager), status: call.target.subresource == "status" };
    let updated = call.write(|write| {
        let old = write.get(&key);
        let updated = registry::update(write, kind, &key, object, options)?;
        access::confirm(write, &call.who, kind, old.as_deref(), &updated)?;
        Ok(updated)
    })?;
    Ok(call.respond(StatusCode::OK, &updated))
}

/// Replaces the finalizers in the spec of a namespace.
pub fn finalize(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let object = body.object()?;
    let (kind, key) = (call.target.kind, call.target.key());
    let updated = call.write(|write| {
        let old = write.get(&key).ok_or_else(|| ApiError::not_found(kind, &key.name))?;
        let mut new = old.as_ref().clone();
        new["spec"]["finalizers"] = object["spec"]["finalizers"].clone();
        Ok(registry::finish_if_final(write, &key, new))
    })?;
    Ok(call.respond(StatusCode::OK, &updated))
}
