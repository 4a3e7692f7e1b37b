//! The Leptos pages: their paths, and how a page is rendered for a request.
//!
//! All pages are rendered completely before the first byte is sent (`SsrMode::Async`), so that they work without
//! JavaScript and have the right status.

use std::sync::OnceLock;
use std::time::Duration;

use app::app::shell;
use app::budget::PAGE;
use app::error::{Error, ErrorKind};
use app::forms::FormOutcome;
use app::model::Caller;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{Owner, provide_context, use_context};
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;
use leptos_router::{ExpandOptionals, PathSegment, RouteList};
use tokio::runtime::Handle;

use crate::web::light::light;
use crate::web::{Web, static_page};

/// The paths of all pages, in axum's notation. Call this before rendering anything: it also makes the reactive system
/// run on tokio. While the paths are collected, no resource in the whole process is loaded, and a page rendered then
/// would wait forever. So they are collected once per process, even with several consoles, as in tests.
pub fn paths(web: &Web) -> &'static [String] {
    static PATHS: OnceLock<Vec<String>> = OnceLock::new();
    PATHS.get_or_init(|| {
        // Fails only when the executor is already set.
        let _ = any_spawner::Executor::init_tokio();
        collect_paths(web.site.options.clone())
    })
}

fn collect_paths(options: LeptosOptions) -> Vec<String> {
    let routes = Owner::new().with(|| {
        provide_context(RequestUrl::new(""));
        provide_context(ServerMetaContext::new().0);
        RouteList::generate(|| shell(options))
    });
    let routes = routes.unwrap_or_default().into_inner();
    let variants = routes.into_iter().flat_map(|route| route.path().to_vec().expand_optionals());
    let mut paths: Vec<_> = variants.map(|segments| axum_path(&segments)).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn axum_path(segments: &[PathSegment]) -> String {
    let mut path = String::new();
    for segment in segments {
        match segment {
            PathSegment::Static(name) if name.trim_matches('/').is_empty() => {}
            PathSegment::Static(name) => path += &format!("/{}", name.trim_matches('/')),
            PathSegment::Param(name) | PathSegment::OptionalParam(name) => path += &format!("/{{{name}}}"),
            PathSegment::Splat(name) => path += &format!("/{{*{name}}}"),
            PathSegment::Unit => {}
        }
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// Timeout for rendering a page, including its requests to the store and the cluster.
const LONGEST: Duration = Duration::from_secs(20);

/// Renders the page of the request's path completely, on a blocking thread so that it does not delay other requests.
pub async fn render(State(web): State<Web>, request: Request) -> Response {
    let headers = request.headers().clone();
    let place = match web.load.page().await {
        Ok(place) => place,
        Err(error) => return static_page::error(&web, &headers, error),
    };
    let rendering = {
        let (web, runtime) = (web.clone(), Handle::current());
        tokio::task::spawn_blocking(move || {
            let _place = place;
            runtime.block_on(tokio::time::timeout(LONGEST, rendered(web, request)))
        })
    };
    let words = match rendering.await {
        Ok(Ok(Ok(page))) => return page,
        Ok(Ok(Err(error))) => {
            tracing::error!(%error, "a page is larger than {PAGE} bytes");
            "This page is too large to show."
        }
        Ok(Err(_)) => "This page took too long to load. Try again in a moment.",
        Err(error) => {
            tracing::error!(%error, "rendering a page failed");
            "This page could not be rendered. Try again in a moment."
        }
    };
    static_page::error(&web, &headers, Error::new(ErrorKind::Unavailable, words))
}

async fn rendered(web: Web, request: Request) -> Result<Response, axum::Error> {
    let options = web.site.options.clone();
    let render = leptos_axum::render_app_async_with_context(context(web), move || shell(options.clone()));
    let (parts, body) = render(request).await.into_parts();
    let body = axum::body::to_bytes(body, PAGE).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Renders the page for unknown paths.
pub async fn render_not_found(web: State<Web>, request: Request) -> Response {
    let mut page = render(web, request).await;
    if !page.status().is_server_error() {
        *page.status_mut() = StatusCode::NOT_FOUND;
    }
    page
}

/// Renders the page of a rejected form again, with the submitted values and the errors. The form's request becomes the
/// GET request of its page; both have the same path, so that the browser hydrates what it expects.
pub async fn render_again(web: Web, form: Parts, outcome: FormOutcome) -> Response {
    let status = outcome.error.as_ref().and_then(|error| StatusCode::from_u16(error.status()).ok());
    let mut request = Request::from_parts(form, Body::empty());
    *request.method_mut() = Method::GET;
    for body_header in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        request.headers_mut().remove(body_header);
    }
    request.extensions_mut().insert(light(outcome));
    let mut page = render(State(web), request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = status.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    }
    page
}

/// Provides the context of pages and server functions. Middleware has put the request's data into its extensions.
pub fn context(web: Web) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(web.platform.clone());
        let Some(request) = use_context::<Parts>() else { return };
        if let Some(caller) = request.extensions.get::<Caller>() {
            provide_context(caller.clone());
        }
        if let Some(nonce) = request.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        if let Some(outcome) = request.extensions.get::<FormOutcome>() {
            provide_context(outcome.clone());
        }
    }
}
