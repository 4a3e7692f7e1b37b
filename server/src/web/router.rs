//! The table of contents: every URL that the server answers, and what a request passes on its way.

use axum::Router;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, get, on};
use leptos::server_fn;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::web::{Web, guard, health, pages};

/// The whole of the console.
pub fn router(web: Web) -> Router {
    let mut router = Router::new().route("/healthz", get(health::live));
    for path in pages::paths(&web) {
        router = router.route(&path, get(pages::render));
    }
    for (path, method) in server_fn::axum::server_fn_paths() {
        router = router.route(path, on(filter(&method), pages::call));
    }
    let otherwise = Router::new().fallback(pages::render_not_found).with_state(web.clone());
    router
        .fallback_service(web.site.files(otherwise))
        .layer(from_fn_with_state((web.clone(), guard::SMALL_BODY), guard::read_body))
        .layer(from_fn_with_state(web.clone(), guard::same_origin))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn(guard::secure))
        .layer(from_fn(guard::trace))
        .with_state(web)
}

/// Pages and JSON; files were compressed when they were built, packages are compressed by nature, and events must not
/// wait in a compressor.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(1024)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/gzip"))
        .and(NotForContentType::const_new("application/wasm"))
        .and(NotForContentType::const_new("image/"))
}

fn filter(method: &Method) -> MethodFilter {
    MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::POST)
}
