//! All routes of the server, and the middleware that requests pass.

mod routes;

use app::paths;
use axum::Router;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::any;
use leptos::server_fn;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

pub use routes::{Access, Route};

use routes::Routes;

use crate::web::guard::BodyLimits;
use crate::web::{
    Web, api, downloads, events, graph, guard, health, pages, rules, runtimes, session, sign_in, static_page, upload,
    versions,
};

/// Returns the router of the console and the list of its routes.
pub fn router(web: Web) -> (Router, Vec<Route>) {
    let routes = open(&web).merge(closed(&web));
    let otherwise = Router::new()
        .fallback(pages::render_not_found)
        .layer(from_fn_with_state(web.clone(), session::identify))
        .with_state(web.clone());
    let router = routes
        .router
        .route("/api/{*function}", any(api::unknown))
        .method_not_allowed_fallback(static_page::method_not_allowed)
        .layer(from_fn_with_state(web.clone(), session::identify))
        .fallback_service(web.site.files(otherwise))
        .layer(from_fn_with_state(web.clone(), guard::same_origin))
        .layer(from_fn_with_state(web.clone(), guard::short_address))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(from_fn_with_state(web.clone(), guard::known_host))
        .layer(from_fn(api::as_data))
        .layer(from_fn_with_state(web.clone(), guard::secure))
        .layer(from_fn(guard::trace))
        .with_state(web);
    (router, routes.list)
}

/// Routes for everyone.
fn open(web: &Web) -> Routes {
    Routes::new(web, Access::Everybody)
        .get("/healthz", health::live)
        .get("/readyz", health::ready)
        .get("/internal/packages/{uid}", downloads::package_for_pod)
        .get(paths::RULES, rules::list)
        .get("/rules/{code}", rules::rule)
        .get(paths::SIGN_IN, pages::render)
        .form(paths::SIGN_IN, sign_in::FIELDS, sign_in::sign_in)
        .form(paths::NEW_SIGN_IN_LINK, &[], sign_in::new_link)
        .form(paths::SIGN_OUT, &[], sign_in::sign_out)
}

/// Routes that require a session. A form is sent to the path of its page.
fn closed(web: &Web) -> Routes {
    let mut routes = Routes::new(web, Access::SignedIn)
        .get(paths::HOME, async || Redirect::to(paths::RUNTIMES))
        .get(paths::EVENTS, events::events)
        .get("/runtimes/{runtime}/versions/{version}/download/{file}", downloads::download)
        .get("/runtimes/{runtime}/versions/{version}/configuration/{name}", downloads::value)
        .get("/runtimes/{runtime}/versions/{version}/graph/{file}", graph::picture)
        .form(paths::NEW_RUNTIME, runtimes::FIELDS, runtimes::create)
        .form("/runtimes/{runtime}/versions/{version}/actions/{action}", versions::ACTION_FIELDS, versions::take_action)
        .on(
            &Method::POST,
            "/runtimes/{runtime}/versions/{version}/configuration",
            BodyLimits::CONFIGURATION_FORM,
            versions::configure,
        )
        .on(&Method::POST, "/runtimes/{runtime}/new-version", BodyLimits::UPLOAD, upload::upload);
    for path in pages::paths(web).iter().filter(|path| ![paths::HOME, paths::SIGN_IN].contains(&path.as_str())) {
        routes = routes.get(path, pages::render);
    }
    for (path, method) in server_fn::axum::server_fn_paths() {
        let limits = match path {
            SET_CONFIGURATION => BodyLimits::CONFIGURATION_ARGUMENTS,
            _ => BodyLimits::ARGUMENTS,
        };
        routes = routes.on(&method, path, limits, api::call);
    }
    routes
}

/// The server function with the largest arguments.
const SET_CONFIGURATION: &str = "/api/set-configuration";

/// Compress pages and JSON only: files were compressed at build time, packages are already compressed, and a compressor
/// would delay events.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(1024)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/gzip"))
        .and(NotForContentType::const_new("application/wasm"))
        .and(NotForContentType::const_new("image/"))
}
