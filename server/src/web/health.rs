//! Probes: `/healthz` (the process is alive) and `/readyz` (the console can work).

use axum::extract::State;
use axum::http::StatusCode;

use crate::store::StoreError;
use crate::web::Web;

pub async fn live() -> &'static str {
    "ok\n"
}

/// Checks that the store can be read and written. An unreachable cluster does not count: pages still work and show it.
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

/// Checks that all background tasks are running, and names those that are not.
fn working(web: &Web) -> (StatusCode, String) {
    let down: Vec<_> = web.supervisor.down().iter().map(ToString::to_string).collect();
    if down.is_empty() {
        return (StatusCode::OK, "ok\n".to_owned());
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("not running: {}; restarting automatically\n", down.join(", ")))
}
