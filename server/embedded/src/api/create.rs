//! POST to a collection.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::Call;
use super::body::Body;
use crate::access;
use crate::kinds::Kind;
use crate::registry;
use crate::status::ApiError;

/// Creates the object in the body.
pub fn create(call: &Call<'_>, body: Body) -> Result<Response, ApiError> {
    let object = body.object()?;
    let kind = call.target.kind;
    let namespace = match (&call.target.namespace, kind.namespaced) {
        (Some(namespace), _) => namespace.as_str(),
        (None, false) => "",
        (None, true) => return Err(ApiError::method_not_allowed()),
    };
    strict(call, kind, &object)?;
    let manager = call.params.manager(&call.agent, "");
    let created = call.write(|write| {
        let created = registry::create(write, kind, namespace, object, Some(&manager))?;
        access::confirm(write, &call.who, kind, None, &created)?;
        Ok(created)
    })?;
    Ok(call.respond(StatusCode::CREATED, &created))
}

/// Rejects fields the kind does not have when `fieldValidation=Strict` is set.
pub fn strict(call: &Call<'_>, kind: &Kind, object: &Value) -> Result<(), ApiError> {
    if call.params.get("fieldValidation") != Some("Strict") {
        return Ok(());
    }
    let unknown = registry::unknown_fields(object, &registry::shaped(kind, object.clone())?);
    // Fields that the server moves to other fields or sets itself.
    let unknown: Vec<String> = unknown
        .into_iter()
        .filter(|path| !path.starts_with("stringData"))
        .map(|path| format!("unknown field \"{path}\""))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let (version, name) = (kind.version, kind.kind);
    let why = unknown.join(", ");
    Err(ApiError::bad_request(format!(
        "{name} in version \"{version}\" cannot be handled as a {name}: strict decoding error: {why}"
    )))
}

impl Call<'_> {
    /// Runs a write, which is discarded when the client asked for a dry run.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut crate::store::Write<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        if self.params.dry_run()? { self.store.dry_run(work) } else { self.store.write(work) }
    }
}
