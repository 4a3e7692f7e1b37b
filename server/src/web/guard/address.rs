//! Limits the length of URLs, since pages show parts of them.

use app::error::{Error, ErrorKind};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use crate::web::{Web, drain, static_page};

/// Maximum bytes of path and query; a sign-in link that leads to a filtered audit log has some 400.
const LONGEST: usize = 2 * 1024;

/// Rejects requests whose URL is too long.
pub async fn short_address(State(web): State<Web>, request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length <= LONGEST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    drain::in_background(body);
    let words = format!("This address has {length} bytes; the limit is {LONGEST}.");
    let error = Error::new(ErrorKind::Invalid, words);
    static_page::refusal(&web, &parts.headers, StatusCode::URI_TOO_LONG, "Address too long", error)
}
