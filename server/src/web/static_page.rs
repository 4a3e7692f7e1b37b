//! Responses outside of the Leptos pages: JSON errors for programs, small pages without scripts for people.

use app::components::BareBar;
use app::error::{Error, ErrorKind};
use app::paths;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use crate::web::Web;

/// Whether the client is a program: its `Accept` header does not include HTML.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !accept.contains("text/html")
}

/// The error as JSON, with its own status.
pub fn json(error: Error) -> Response {
    (status(&error), Json(error)).into_response()
}

/// The error with its own status, as JSON or as a page.
pub fn error(web: &Web, headers: &HeaderMap, error: Error) -> Response {
    let status = status(&error);
    let title = error.kind.title();
    refusal(web, headers, status, title, error)
}

/// The error with a status that no error kind has: 405, 408, 413.
pub fn refusal(web: &Web, headers: &HeaderMap, status: StatusCode, title: &str, error: Error) -> Response {
    if wants_json(headers) {
        return (status, Json(error)).into_response();
    }
    let message = error.message;
    page(
        web,
        status,
        title,
        view! { <p>{message}</p> <p><a class="button" href=paths::RUNTIMES>"All runtimes"</a></p> },
    )
}

/// Answers an existing path with an unsupported method; axum adds the `Allow` header.
pub async fn method_not_allowed(State(web): State<Web>, headers: HeaderMap) -> Response {
    let error = Error::new(ErrorKind::Invalid, "This address does not accept this request method.");
    refusal(&web, &headers, StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", error)
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A page without session and scripts.
pub fn page(web: &Web, status: StatusCode, title: &str, body: impl IntoView) -> Response {
    let heading = title.to_owned();
    let body = view! { <section class="lost"><h1>{heading}</h1> {body}</section> };
    document(web, status, title, view! { <BareBar /> }, view! { <main id="main" class="page">{body}</main> })
}

/// The HTML document of such a page, with its top bar and main part.
pub fn document(web: &Web, status: StatusCode, title: &str, bar: impl IntoView, main: impl IntoView) -> Response {
    let stylesheet = web.site.stylesheet();
    // As HTML, because the renderer adds markers around text, which would be visible in a title.
    let title = format!("{title} · KRT Console").replace('&', "&amp;").replace('<', "&lt;");
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title inner_html=title></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=stylesheet />
            </head>
            <body>
                {bar}
                {main}
            </body>
        </html>
    };
    (status, Html(document.to_html())).into_response()
}
