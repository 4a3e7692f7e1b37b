//! Server functions, `/api/…`. Their callers are programs, so every response is JSON, including errors.

use app::error::{Error, ErrorKind};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER, ServerFnErrorErr};

use crate::web::{Web, pages, static_page};

/// Path prefix of all server functions.
const PREFIX: &str = "/api/";

/// Maximum bytes of an error response: some sentences for each field of the largest form.
const ERROR_BODY: usize = 1024 * 1024;

/// Makes every middleware answer requests to `/api/` with JSON, regardless of the `Accept` header.
pub async fn as_data(mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(PREFIX) {
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    }
    next.run(request).await
}

/// Answers requests for functions that do not exist.
pub async fn unknown() -> Response {
    static_page::json(Error::new(ErrorKind::NotFound, "Unknown function. Reload the page and try again."))
}

/// Calls a server function.
pub async fn call(State(web): State<Web>, request: Request) -> Response {
    if !is_json(request.headers()) {
        let words = "Send the arguments as JSON with content type application/json.";
        let error = Error::new(ErrorKind::Invalid, words);
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, Json(error)).into_response();
    }
    let answer = leptos_axum::handle_server_fns_with_context(pages::context(web), request).await.into_response();
    let is_refused = answer.headers().contains_key(SERVER_FN_ERROR_HEADER);
    // Any other status was set by the function itself.
    if is_refused && answer.status() == StatusCode::INTERNAL_SERVER_ERROR { with_status(answer).await } else { answer }
}

/// Sets the status of an error. server_fn answers 500 whenever a function was not reached, mostly due to a bad request.
async fn with_status(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, ERROR_BODY).await.unwrap_or_default();
    let Ok(error) = serde_json::from_slice::<Error>(&body) else {
        let unknown = ServerFnErrorErr::ServerError(String::new());
        return static_page::json(Error::from_server_fn_error(unknown));
    };
    if error.kind == ErrorKind::Invalid {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, body.into())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
