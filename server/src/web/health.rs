//! For those who watch the process: `/healthz` (it lives) and `/readyz` (it can work).

use axum::extract::State;
use axum::http::StatusCode;

use crate::web::Web;

pub async fn live() -> &'static str {
    "ok\n"
}

/// Whether the store answers. An unreachable cluster does not count: people can still read, and are told.
pub async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    match web.store.runtime("").await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}
