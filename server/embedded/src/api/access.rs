//! Authentication and authorization of requests, and the access reviews, which only report the decision.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::Body;
use super::query::Params;
use super::{render, target};
use crate::access::{self, Attributes, Place, UserIdentity};
use crate::kinds;
use crate::status::{ApiError, Cause};
use crate::store::Store;

/// What [`guard`] needs.
pub struct GuardState {
    pub store: Arc<Store>,
    /// The identity of requests without impersonation headers.
    pub caller: UserIdentity,
}

/// Passes an allowed request on with its [`UserIdentity`], or rejects the request.
pub async fn guard(State(state): State<Arc<GuardState>>, mut request: Request, next: Next) -> Response {
    match admit(&state, &request) {
        Ok(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

fn admit(state: &GuardState, request: &Request) -> Result<UserIdentity, ApiError> {
    let store = state.store.as_ref();
    let who = match UserIdentity::named(request.headers())? {
        None => state.caller.clone(),
        Some(named) => {
            named.needs().iter().try_for_each(|asked| permit(store, &state.caller, asked))?;
            UserIdentity::new(&named.user, named.groups)
        }
    };
    if !who.is_master() {
        let params = Params::parse(request.uri().query().unwrap_or_default())?;
        permit(store, &who, &asked(request.method(), request.uri().path(), &params))?;
    }
    Ok(who)
}

/// Checks that `who` is allowed what is `asked`.
///
/// # Errors
/// 403 when the request is not allowed.
pub fn permit(objects: &impl access::Objects, who: &UserIdentity, asked: &Attributes) -> Result<(), ApiError> {
    let decision = access::decide(objects, who, asked);
    if decision.allowed { Ok(()) } else { Err(forbidden(who, asked, &decision.reason)) }
}

/// The attributes of a request for authorization (k8s.io/apiserver `RequestInfoFactory`).
fn asked(method: &Method, path: &str, params: &Params) -> Attributes {
    let parts = target::segments(path);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (group, rest) = match parts.as_slice() {
        ["api", _, rest @ ..] if !rest.is_empty() => ("", rest),
        ["apis", group, _, rest @ ..] if !rest.is_empty() => (*group, rest),
        _ => return Attributes::path(&method.as_str().to_lowercase(), path),
    };
    let (namespace, rest) = match rest {
        // Requests for a namespace are authorized in that namespace.
        ["namespaces", name] | ["namespaces", name, "status" | "finalize"] => (*name, rest),
        ["namespaces", namespace, inner @ ..] if !inner.is_empty() => (*namespace, inner),
        _ => ("", rest),
    };
    let part = |at: usize| rest.get(at).copied().unwrap_or_default().to_owned();
    let (resource, mut name, subresource) = (part(0), part(1), part(2));
    let verb = match *method {
        Method::GET | Method::HEAD if !name.is_empty() => "get",
        Method::GET | Method::HEAD if params.is("watch") => "watch",
        Method::GET | Method::HEAD => "list",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if name.is_empty() => "deletecollection",
        Method::DELETE => "delete",
        _ => "",
    };
    if matches!(verb, "list" | "watch")
        && let Some(only) = params.selection().ok().and_then(|selection| selection.fields.required("metadata.name"))
    {
        name = only;
    }
    let (group, namespace) = (group.to_owned(), namespace.to_owned());
    Attributes { verb: verb.to_owned(), place: Place::Resource { group, resource, subresource, name, namespace } }
}

/// 403 in the wording of the real server.
fn forbidden(who: &UserIdentity, asked: &Attributes, reason: &str) -> ApiError {
    let (user, verb) = (&who.user, &asked.verb);
    let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    let (message, details) = match &asked.place {
        Place::Path(path) => (format!("forbidden: User {user:?} cannot {verb} path {path:?}{reason}"), json!({})),
        Place::Resource { group, resource, subresource, name, namespace } => {
            let qualified = if group.is_empty() { resource.clone() } else { format!("{resource}.{group}") };
            let named = if name.is_empty() { String::new() } else { format!(" {name:?}") };
            let whole = if subresource.is_empty() { resource.clone() } else { format!("{resource}/{subresource}") };
            let place = match namespace.as_str() {
                "" => "at the cluster scope".to_owned(),
                namespace => format!("in the namespace {namespace:?}"),
            };
            let message = format!(
                "{qualified}{named} is forbidden: User {user:?} cannot {verb} resource {whole:?} in API group {group:?} \
                 {place}{reason}"
            );
            let mut details = json!({ "kind": resource });
            for (field, value) in [("name", name), ("group", group)] {
                if !value.is_empty() {
                    details[field] = value.as_str().into();
                }
            }
            (message, details)
        }
    };
    ApiError { code: StatusCode::FORBIDDEN, reason: "Forbidden", message, details }
}

/// The kind of review that a path names. Reviews are answered and never stored.
pub fn review_kind(path: &str) -> Option<&'static str> {
    kinds::REVIEWS.iter().find_map(|(group, kind)| {
        let plural = path.strip_prefix("/apis/")?.strip_prefix(group)?.strip_prefix("/v1/")?;
        (plural == format!("{}s", kind.to_lowercase())).then_some(*kind)
    })
}

/// Answers a review of `kind`.
pub fn review(
    objects: &impl access::Objects,
    kind: &str,
    who: &UserIdentity,
    body: &Body,
) -> Result<Response, ApiError> {
    let mut review = body.object()?;
    let status = match kind {
        "SelfSubjectReview" => json!({ "userInfo": { "username": who.user, "groups": who.groups } }),
        "SelfSubjectRulesReview" => rules(objects, who, &review["spec"]),
        "SubjectAccessReview" => {
            let groups = review["spec"]["groups"].as_array().into_iter().flatten();
            let groups = groups.filter_map(Value::as_str).map(str::to_owned).collect();
            let user = review["spec"]["user"].as_str().unwrap_or_default().to_owned();
            decision(objects, kind, &UserIdentity { user, groups }, &review["spec"])?
        }
        _ => decision(objects, kind, who, &review["spec"])?,
    };
    review["status"] = status;
    Ok(render::json(StatusCode::CREATED, &review))
}

fn decision(objects: &impl access::Objects, kind: &str, who: &UserIdentity, spec: &Value) -> Result<Value, ApiError> {
    let asked = Attributes::of_review(spec).ok_or_else(|| {
        let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        let cause = Cause::invalid("spec", &spec["resourceAttributes"], why);
        ApiError::invalid_as(kind, "authorization.k8s.io", "", &[cause])
    })?;
    let decision = access::decide(objects, who, &asked);
    let mut status = json!({ "allowed": decision.allowed });
    if !decision.reason.is_empty() {
        status["reason"] = decision.reason.into();
    }
    Ok(status)
}

fn rules(objects: &impl access::Objects, who: &UserIdentity, spec: &Value) -> Value {
    let namespace = spec["namespace"].as_str().unwrap_or_default();
    let mut rules = access::rules_of(objects, who, namespace);
    if who.is_master() {
        rules.push(json!({ "verbs": ["*"], "apiGroups": ["*"], "resources": ["*"] }));
        rules.push(json!({ "verbs": ["*"], "nonResourceURLs": ["*"] }));
    }
    let (paths, resources): (Vec<Value>, Vec<Value>) =
        rules.into_iter().partition(|rule| rule["nonResourceURLs"].as_array().is_some_and(|urls| !urls.is_empty()));
    json!({ "resourceRules": resources, "nonResourceRules": paths, "incomplete": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_attributes_match_those_of_the_real_server() {
        let check = |method: Method, address: &str| {
            let (path, query) = address.split_once('?').unwrap_or((address, ""));
            let asked = asked(&method, path, &Params::parse(query).unwrap());
            match asked.place {
                Place::Path(path) => format!("{} {path}", asked.verb),
                Place::Resource { group, resource, subresource, name, namespace } => {
                    format!("{} {group}|{resource}|{subresource}|{name}|{namespace}", asked.verb)
                }
            }
        };
        for (method, address, expected) in [
            (Method::GET, "/version", "get /version"),
            (Method::GET, "/apis/apps/v1", "get /apis/apps/v1"),
            (Method::GET, "/api/v1/pods?watch=1", "watch |pods|||"),
            (Method::GET, "/api/v1/namespaces/a/pods/b/log", "get |pods|log|b|a"),
            (Method::GET, "/api/v1/namespaces/a", "get |namespaces||a|a"),
            (Method::GET, "/api/v1/namespaces", "list |namespaces|||"),
            (Method::GET, "/api/v1/namespaces/a/secrets?fieldSelector=metadata.name%3Db", "list |secrets||b|a"),
            (Method::DELETE, "/apis/apps/v1/namespaces/a/deployments", "deletecollection apps|deployments|||a"),
            (Method::PATCH, "/apis/apps/v1/namespaces/a/deployments/b/scale", "patch apps|deployments|scale|b|a"),
            (Method::POST, "/apis/nobody/v1/things", "create nobody|things|||"),
        ] {
            assert_eq!(check(method, address), expected, "{address}");
        }
    }
}
