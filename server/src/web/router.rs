//! The table of contents: every URL that the server answers, and what a request passes on its way.

use app::paths;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::{MethodFilter, get, on, post};
use leptos::server_fn;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::web::guard::{CONFIGURATION_BODY, SMALL_BODY};
use crate::web::{
    Web, downloads, events, guard, health, internal, pages, plain, runtimes, session, sign_in, upload, versions,
};

/// The whole of the console.
pub fn router(web: Web) -> Router {
    let small = from_fn_with_state((web.clone(), SMALL_BODY), guard::read_body);
    let roomy = from_fn_with_state((web.clone(), CONFIGURATION_BODY), guard::read_body);
    let signed_in = from_fn_with_state(web.clone(), session::require);

    // For everybody.
    let open = Router::new()
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/internal/packages/{uid}", get(internal::package))
        .route(paths::SIGN_IN, get(pages::render).post(sign_in::sign_in))
        .route(paths::NEW_SIGN_IN_LINK, post(sign_in::new_link))
        .route(paths::SIGN_OUT, post(sign_in::sign_out))
        .route_layer(small.clone());

    // For those who are signed in. The forms below are sent to the path of the page that they are on.
    let mut closed = Router::new()
        .route(paths::HOME, get(async || Redirect::to(paths::RUNTIMES)))
        .route(paths::EVENTS, get(events::events))
        .route("/runtimes/{runtime}/versions/{version}/download/{file}", get(downloads::download))
        .route(paths::NEW_RUNTIME, post(runtimes::create))
        .route("/runtimes/{runtime}/versions/{version}/actions/{action}", post(versions::take_action));
    for path in pages::paths(&web) {
        if path != paths::HOME && path != paths::SIGN_IN {
            closed = closed.route(&path, get(pages::render));
        }
    }
    for (path, method) in server_fn::axum::server_fn_paths().filter(|(path, _)| *path != SET_CONFIGURATION) {
        closed = closed.route(path, on(filter(&method), pages::call));
    }
    // Those that take more.
    let closed = closed
        .route_layer(small)
        .merge(
            Router::new()
                .route("/runtimes/{runtime}/versions/{version}/configuration", post(versions::configure))
                .route(SET_CONFIGURATION, post(pages::call))
                .route_layer(roomy),
        )
        .merge(
            Router::new()
                .route("/runtimes/{runtime}/new-version", post(upload::upload))
                .layer(DefaultBodyLimit::disable()),
        )
        .route_layer(signed_in);

    let otherwise = Router::new().fallback(pages::render_not_found).with_state(web.clone());
    open.merge(closed)
        .method_not_allowed_fallback(plain::method_not_allowed)
        .layer(from_fn_with_state(web.clone(), session::identify))
        .fallback_service(web.site.files(otherwise))
        .layer(from_fn_with_state(web.clone(), guard::same_origin))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn(guard::secure))
        .layer(from_fn(guard::trace))
        .with_state(web)
}

/// The server function whose arguments are the largest.
const SET_CONFIGURATION: &str = "/api/set-configuration";

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
