//! Reads one object, or a page of a list.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Call, render};
use crate::meta;
use crate::status::ApiError;
use crate::store::Object;

/// Returns one object.
pub fn get(call: &Call<'_>) -> Result<Response, ApiError> {
    let key = call.target.key();
    let object = call.store.get(&key).ok_or_else(|| ApiError::not_found(call.target.kind, &key.name))?;
    Ok(call.respond(StatusCode::OK, &object))
}

/// Returns all selected objects, or a page of them.
pub fn list(call: &Call<'_>) -> Result<Response, ApiError> {
    let selection = call.params.selection_of(call.target.kind)?;
    let limit = usize::try_from(call.params.number("limit")?.unwrap_or(0)).unwrap_or(0);
    let page = call.params.get("continue").map(Continue::parse).transpose()?;
    let (resource, namespace) = (call.target.kind.id, call.target.namespace.as_deref());
    let exact = call.params.get("resourceVersionMatch") == Some("Exact");
    let asked = call.params.resource_version()?;
    let (all, revision) = match (&page, asked) {
        (Some(page), _) => {
            let at = call.store.list_at(resource, namespace, page.revision);
            (at.map_err(|_| ApiError::continue_expired())?, page.revision)
        }
        (None, Some(asked)) if exact => {
            let at = call.store.list_at(resource, namespace, asked);
            (at.map_err(|oldest| ApiError::expired(asked, oldest))?, asked)
        }
        (None, asked) => {
            let (all, revision) = call.store.list(resource, namespace);
            if asked.is_some_and(|asked| asked > revision) {
                return Err(ApiError::too_large_version(asked.unwrap_or_default(), revision));
            }
            (all, revision)
        }
    };
    let after = |object: &Object| page.as_ref().is_none_or(|page| place(object) > page.after());
    let mut items: Vec<Object> = all.into_iter().filter(|object| after(object) && selection.matches(object)).collect();
    let mut metadata = json!({ "resourceVersion": revision.to_string() });
    if limit > 0 && items.len() > limit {
        let remaining = items.len() - limit;
        items.truncate(limit);
        if let Some(last) = items.last() {
            let (namespace, name) = place(last);
            metadata["continue"] = Continue::write(revision, namespace, name).into();
        }
        if selection.is_empty() {
            metadata["remainingItemCount"] = remaining.into();
        }
    }
    let body: Value = call.accept.list(call.target.kind, &items, metadata, call.store.clock.now());
    Ok(render::json(StatusCode::OK, &body))
}

fn place(object: &Object) -> (&str, &str) {
    (meta::namespace(object), meta::name(object))
}

/// The position of the next page and the resourceVersion of the list. Opaque to clients: hexadecimal bytes.
struct Continue {
    revision: u64,
    namespace: String,
    name: String,
}

impl Continue {
    fn write(revision: u64, namespace: &str, name: &str) -> String {
        hex::encode(format!("{revision}/{namespace}/{name}"))
    }

    fn parse(token: &str) -> Result<Continue, ApiError> {
        Continue::read(token)
            .ok_or_else(|| ApiError::bad_request("continue key is not valid: not issued by this server"))
    }

    fn read(token: &str) -> Option<Continue> {
        let text = String::from_utf8(hex::decode(token).ok()?).ok()?;
        let mut parts = text.splitn(3, '/');
        let revision = parts.next()?.parse().ok()?;
        Some(Continue { revision, namespace: parts.next()?.to_owned(), name: parts.next()?.to_owned() })
    }

    fn after(&self) -> (&str, &str) {
        (&self.namespace, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continue_token_is_read_back_unchanged() {
        let token = Continue::write(42, "ns", "name.with.dots");
        let page = Continue::read(&token).unwrap();
        assert_eq!((page.revision, page.after()), (42, ("ns", "name.with.dots")));
        assert!(Continue::read("nonsense").is_none());
    }
}
