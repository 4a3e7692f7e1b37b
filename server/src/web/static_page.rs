//! Answers that are no page of the console: a JSON error for programs, a small page without scripts for people.

use app::components::BareBar;
use app::error::{Error, ErrorKind};
use app::paths;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use crate::web::Web;

/// Whether the answer is read by a program: it says so, or does not say that it reads HTML.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !accept.contains("text/html")
}

/// The error as data, with its own status.
pub fn json(error: Error) -> Response {
    (status(&error), Json(error)).into_response()
}

/// The error with its own status.
pub fn error(web: &Web, headers: &HeaderMap, error: Error) -> Response {
    let status = status(&error);
    let title = match error.kind {
        ErrorKind::SignedOut => "Signed out",
        ErrorKind::Forbidden => "Not allowed",
        ErrorKind::NotFound => "Not found",
        ErrorKind::Conflict => "Not possible now",
        ErrorKind::Invalid => "Not understood",
        ErrorKind::StorageFull => "No space left",
        ErrorKind::Unavailable => "Not available",
        ErrorKind::Internal => "Something went wrong",
    };
    refusal(web, headers, status, title, error)
}

/// The error under a status that no kind of it has: 405, 408, 413.
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

/// A path that is there, asked in a way that it does not answer; axum adds what it allows.
pub async fn method_not_allowed(State(web): State<Web>, headers: HeaderMap) -> Response {
    let error = Error::new(ErrorKind::Invalid, "This address does not take requests of this kind.");
    refusal(&web, &headers, StatusCode::METHOD_NOT_ALLOWED, "Not possible", error)
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A page that needs neither a session nor a script.
pub fn page(web: &Web, status: StatusCode, title: &str, body: impl IntoView) -> Response {
    let heading = title.to_owned();
    let body = view! { <section class="lost"><h1>{heading}</h1> {body}</section> };
    document(web, status, title, view! { <BareBar /> }, view! { <main id="main" class="page">{body}</main> })
}

/// The document around such a page: its bar, and the main part below it.
pub fn document(web: &Web, status: StatusCode, title: &str, bar: impl IntoView, main: impl IntoView) -> Response {
    let stylesheet = web.site.stylesheet();
    // As HTML: what is rendered as text has marks of the renderer around it, and in a title one sees them.
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
