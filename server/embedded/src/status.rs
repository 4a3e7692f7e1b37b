//! API errors: the `Status` bodies of Kubernetes (metav1.Status), in the wording of the real server.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::kinds::Kind;

/// An error response.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The HTTP status.
    pub code: StatusCode,
    /// `Status.reason`; empty where the real server sends none.
    pub reason: &'static str,
    /// `Status.message`.
    pub message: String,
    /// `Status.details`; null for none.
    pub details: Value,
}

/// One invalid field of an object.
#[derive(Clone, Debug)]
pub struct Cause {
    /// `FieldValueInvalid`, `FieldValueRequired`, …
    pub reason: &'static str,
    /// Path of the field, e.g. `spec.ports[0].name`.
    pub field: String,
    /// The problem, without the field.
    pub message: String,
}

impl Cause {
    /// `Invalid value: <value>: <why>`.
    pub fn invalid(field: impl Into<String>, value: &Value, why: &str) -> Cause {
        let message = format!("Invalid value: {value}: {why}");
        Cause { reason: "FieldValueInvalid", field: field.into(), message }
    }

    /// `Required value` with an optional explanation.
    pub fn required(field: impl Into<String>, why: &str) -> Cause {
        let message = if why.is_empty() { "Required value".to_owned() } else { format!("Required value: {why}") };
        Cause { reason: "FieldValueRequired", field: field.into(), message }
    }

    /// `Unsupported value: <value>: supported values: …`.
    pub fn unsupported(field: impl Into<String>, value: &Value, supported: &[&str]) -> Cause {
        let quoted: Vec<String> = supported.iter().map(|one| format!("\"{one}\"")).collect();
        let message = format!("Unsupported value: {value}: supported values: {}", quoted.join(", "));
        Cause { reason: "FieldValueNotSupported", field: field.into(), message }
    }

    /// `Duplicate value: <value>`.
    pub fn duplicate(field: impl Into<String>, value: &Value) -> Cause {
        Cause { reason: "FieldValueDuplicate", field: field.into(), message: format!("Duplicate value: {value}") }
    }

    /// `Too long: …`.
    pub fn too_long(field: impl Into<String>, most: usize) -> Cause {
        let message = format!("Too long: may not be more than {most} bytes");
        Cause { reason: "FieldValueTooLong", field: field.into(), message }
    }

    /// `Not found: <value>`.
    pub fn not_found(field: impl Into<String>, value: &Value) -> Cause {
        Cause { reason: "FieldValueNotFound", field: field.into(), message: format!("Not found: {value}") }
    }

    /// `Forbidden: <why>`.
    pub fn forbidden(field: impl Into<String>, why: &str) -> Cause {
        Cause { reason: "FieldValueForbidden", field: field.into(), message: format!("Forbidden: {why}") }
    }
}

impl ApiError {
    fn new(code: StatusCode, reason: &'static str, message: String) -> ApiError {
        ApiError { code, reason, message, details: Value::Null }
    }

    fn about(code: StatusCode, reason: &'static str, message: String, kind: &Kind, name: &str) -> ApiError {
        let mut details = json!({ "name": name, "kind": kind.plural });
        if !kind.group.is_empty() {
            details["group"] = kind.group.into();
        }
        ApiError { details, ..ApiError::new(code, reason, message) }
    }

    /// 404 for an object.
    pub fn not_found(kind: &Kind, name: &str) -> ApiError {
        let message = format!("{} \"{name}\" not found", kind.qualified());
        ApiError::about(StatusCode::NOT_FOUND, "NotFound", message, kind, name)
    }

    /// 404 for a path that this server does not serve.
    pub fn no_such_resource() -> ApiError {
        let message = "the server could not find the requested resource".to_owned();
        ApiError::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    /// 409 for a name that already exists.
    pub fn already_exists(kind: &Kind, name: &str) -> ApiError {
        let message = format!("{} \"{name}\" already exists", kind.qualified());
        ApiError::about(StatusCode::CONFLICT, "AlreadyExists", message, kind, name)
    }

    /// 409 for an object that was modified since it was read.
    pub fn modified(kind: &Kind, name: &str) -> ApiError {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        ApiError::conflict(kind, name, why)
    }

    /// 409 with a specific reason.
    pub fn conflict(kind: &Kind, name: &str, why: &str) -> ApiError {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.qualified());
        ApiError::about(StatusCode::CONFLICT, "Conflict", message, kind, name)
    }

    /// 409 for a delete whose precondition fails; the real server names the kind here, not the resource.
    pub fn precondition(kind: &Kind, name: &str, field: &str, wanted: &str, present: &str, happened: &str) -> ApiError {
        let qualified =
            if kind.group.is_empty() { kind.kind.to_owned() } else { format!("{}.{}", kind.kind, kind.group) };
        let message = format!(
            "Operation cannot be fulfilled on {qualified} \"{name}\": the {field} in the precondition ({wanted}) does not \
             match the {field} in record ({present}). The object might have been {happened}"
        );
        let mut error = ApiError::about(StatusCode::CONFLICT, "Conflict", message, kind, name);
        error.details["kind"] = kind.kind.into();
        error
    }

    /// 409 for a server-side apply that was not forced; `fields` are (description of the manager, path).
    pub fn apply_conflict(fields: &[(String, String)]) -> ApiError {
        let causes: Vec<Value> = fields
            .iter()
            .map(|(manager, path)| {
                json!({
                    "reason": "FieldManagerConflict",
                    "message": format!("conflict with {manager}"),
                    "field": path,
                })
            })
            .collect();
        let message = match fields {
            [(manager, path)] => format!("Apply failed with 1 conflict: conflict with {manager}: {path}"),
            _ => {
                let mut managers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                for (manager, path) in fields {
                    managers.entry(manager).or_default().push(path);
                }
                let described = managers
                    .iter()
                    .map(|(manager, paths)| format!("conflicts with {manager}:\n- {}", paths.join("\n- ")));
                let described: Vec<String> = described.collect();
                format!("Apply failed with {} conflicts: {}", fields.len(), described.join("\n"))
            }
        };
        let details = json!({ "causes": causes });
        ApiError { details, ..ApiError::new(StatusCode::CONFLICT, "Conflict", message) }
    }

    /// 422 with every invalid field.
    pub fn invalid(kind: &Kind, name: &str, causes: &[Cause]) -> ApiError {
        ApiError::invalid_as(kind.kind, kind.group, name, causes)
    }

    /// 422 for a kind that is not a resource.
    pub fn invalid_as(kind: &str, group: &str, name: &str, causes: &[Cause]) -> ApiError {
        let listed: Vec<String> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let listed = match listed.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let qualified = if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") };
        let message = format!("{qualified} \"{name}\" is invalid: {listed}");
        let causes: Vec<Value> = causes
            .iter()
            .map(|cause| json!({ "reason": cause.reason, "message": cause.message, "field": cause.field }))
            .collect();
        let mut details = json!({ "name": name, "kind": kind, "causes": causes });
        if !group.is_empty() {
            details["group"] = group.into();
        }
        ApiError { details, ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message) }
    }

    /// 400.
    pub fn bad_request(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "BadRequest", message.into())
    }

    /// 422 without an invalid field: a JSON patch that cannot be applied.
    pub fn unprocessable() -> ApiError {
        let message = "the server rejected our request due to an error in our request".to_owned();
        ApiError { details: json!({}), ..ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message) }
    }

    /// 403 with a reason.
    pub fn forbidden(kind: &Kind, name: &str, why: &str) -> ApiError {
        let message = format!("{} \"{name}\" is forbidden: {why}", kind.qualified());
        ApiError::about(StatusCode::FORBIDDEN, "Forbidden", message, kind, name)
    }

    /// 405.
    pub fn method_not_allowed() -> ApiError {
        let message = "the server does not allow this method on the requested resource".to_owned();
        ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
    }

    /// 410: the resourceVersion was compacted.
    pub fn expired(asked: u64, oldest: u64) -> ApiError {
        let message = format!("too old resource version: {asked} ({oldest})");
        ApiError::new(StatusCode::GONE, "Expired", message)
    }

    /// 410: the continue token belongs to a resourceVersion that was compacted.
    pub fn continue_expired() -> ApiError {
        let message = "The provided continue parameter is too old to display a consistent list result. You must start \
                       a new list without the continue parameter.";
        ApiError::new(StatusCode::GONE, "Expired", message.to_owned())
    }

    /// 504: the resourceVersion is in the future.
    pub fn too_large_version(asked: u64, current: u64) -> ApiError {
        let message = format!("Too large resource version: {asked}, current: {current}");
        let mut error = ApiError::new(StatusCode::GATEWAY_TIMEOUT, "Timeout", message);
        error.details = json!({
            "causes": [{ "reason": "ResourceVersionTooLarge", "message": "Too large resource version" }],
            "retryAfterSeconds": 1,
        });
        error
    }

    /// 413.
    pub fn too_large(most: usize) -> ApiError {
        let message = format!("Request entity too large: limit is {most}");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// 415.
    pub fn unsupported_media_type(accepted: &[&str]) -> ApiError {
        let message = format!("the body of the request was in an unknown format - accepted media types include: {}", {
            accepted.join(", ")
        });
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    }

    /// 500.
    pub fn internal(what: &str) -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", format!("Internal error occurred: {what}"))
    }

    /// The `Status` object itself.
    pub fn body(&self) -> Value {
        let mut body = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "code": self.code.as_u16(),
        });
        if !self.reason.is_empty() {
            body["reason"] = self.reason.into();
        }
        if !self.details.is_null() {
            body["details"] = self.details.clone();
        }
        body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.code, [(header::CONTENT_TYPE, "application/json")], self.body().to_string()).into_response()
    }
}
