//! For those who watch the process: `/healthz` (it lives) and `/readyz` (it can work).

use axum::extract::State;
use axum::http::StatusCode;

use crate::store::StoreError;
use crate::web::Web;

pub async fn live() -> &'static str {
    "ok\n"
}

/// Whether the store can be read and written. An unreachable cluster does not count: people can still read, and are told.
pub async fn ready(State(web): State<Web>) -> (StatusCode, String) {
    if let Err(error) = web.store.runtime("").await {
        return not_ready(&error, "read");
    }
    match web.store.prove_writable().await {
        Ok(()) => working(&web),
        Err(error) => not_ready(error.as_ref(), "written"),
    }
}

fn not_ready(error: &StoreError, what: &str) -> (StatusCode, String) {
    tracing::warn!(error = error as &dyn std::error::Error, "not ready: the store cannot be {what}");
    (StatusCode::SERVICE_UNAVAILABLE, format!("the store cannot be {what}: {error}\n"))
}

/// Whether all of the work in the background goes on; what does not is named.
fn working(web: &Web) -> (StatusCode, String) {
    let down: Vec<_> = web.supervisor.down().iter().map(ToString::to_string).collect();
    if down.is_empty() {
        return (StatusCode::OK, "ok\n".to_owned());
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("not running: {}; started again automatically\n", down.join(", ")))
}
