//! The API over HTTP: maps the path of a request to the verb that handles it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::accept::Accept;
use crate::access::UserIdentity;
use crate::kubectl;
use crate::status::ApiError;
use crate::store::Store;
use body::Body;
use query::Params;
use target::Target;

mod access;
mod body;
mod create;
mod delete;
mod list;
mod logs;
mod patch;
mod query;
mod render;
mod scale;
mod target;
mod update;
mod watch;

/// The API over `store`, as seen by `caller`.
pub fn router(store: Arc<Store>, caller: UserIdentity) -> Router {
    let state = Arc::new(access::GuardState { store: store.clone(), caller });
    Router::new()
        .route("/healthz", get("ok"))
        .route("/livez", get("ok"))
        .route("/readyz", get("ok"))
        .route("/version", get(version))
        .merge(kubectl::routes())
        .fallback(resource)
        .layer(axum::middleware::from_fn_with_state(state, access::guard))
        .with_state(store)
}

/// `/version`: the implemented release of Kubernetes, with the suffix `+krt-console`.
async fn version(State(store): State<Arc<Store>>) -> Response {
    let body = json!({
        "major": "1",
        "minor": store.minor.to_string(),
        "gitVersion": format!("v1.{}.0+krt-console.{}", store.minor, env!("CARGO_PKG_VERSION")),
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": concat!("linux/", "embedded"),
    });
    render::json(StatusCode::OK, &body)
}

async fn resource(State(store): State<Arc<Store>>, request: Request) -> Response {
    answer(&store, request).await.unwrap_or_else(IntoResponse::into_response)
}

/// The parts of a request that every verb needs.
struct Call<'s> {
    store: &'s Arc<Store>,
    who: UserIdentity,
    target: Target,
    params: Params,
    accept: Accept,
    /// The default field manager: the first word of the User-Agent, as in the real server.
    agent: String,
}

async fn answer(store: &Arc<Store>, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let who = parts.extensions.get::<UserIdentity>().cloned().unwrap_or_else(UserIdentity::administrator);
    if let Some(kind) = access::review_kind(parts.uri.path()) {
        if parts.method != Method::POST {
            return Err(ApiError::method_not_allowed());
        }
        return access::review(store.as_ref(), kind, &who, &Body::read(&parts.headers, body).await?);
    }
    let target = Target::parse(parts.uri.path())?;
    let params = Params::parse(parts.uri.query().unwrap_or_default())?;
    let accept = Accept::of(&parts.headers);
    let agent = parts.headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent = agent.split('/').next().filter(|agent| !agent.is_empty()).unwrap_or("unknown").to_owned();
    let call = Call { store, who, target, params, accept, agent };
    let verb = (parts.method.clone(), call.target.name.is_some(), call.target.subresource.as_str());
    let reading = verb.0 == Method::GET || verb.0 == Method::HEAD;
    match verb {
        (_, false, "") if reading && call.params.is("watch") => watch::watch(&call),
        (_, false, "") if reading => list::list(&call),
        (_, true, "") if reading && call.params.is("watch") => watch::watch(&call),
        (_, true, "" | "status") if reading => list::get(&call),
        (_, true, "log") if reading => logs::logs(&call),
        (_, true, "scale") if reading => scale::get(&call),
        (Method::POST, false, "") => create::create(&call, Body::read(&parts.headers, body).await?),
        (Method::POST, true, "eviction") => delete::evict(&call, Body::read(&parts.headers, body).await?),
        (Method::PUT, true, "" | "status") => update::update(&call, Body::read(&parts.headers, body).await?),
        (Method::PUT, true, "finalize") => update::finalize(&call, Body::read(&parts.headers, body).await?),
        (Method::PUT | Method::PATCH, true, "scale") => scale::set(&call, Body::read(&parts.headers, body).await?),
        (Method::PATCH, true, "" | "status") => patch::patch(&call, Body::read(&parts.headers, body).await?),
        (Method::DELETE, true, "") => delete::delete(&call, Body::read(&parts.headers, body).await?),
        (Method::DELETE, false, "") => delete::delete_all(&call, Body::read(&parts.headers, body).await?),
        _ => Err(ApiError::method_not_allowed()),
    }
}
