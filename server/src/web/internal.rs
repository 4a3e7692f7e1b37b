//! Package download for the pods of a version, with a token that is valid for that package only.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::web::{Web, static_page};

/// Sends the package of the version with this UID to callers with its token; all others get the same "not found".
pub async fn package(State(web): State<Web>, Path(uid): Path<String>, headers: HeaderMap) -> Response {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match web.console.open_package_for_pod(&uid, token.unwrap_or_default()).await {
        Ok((package, bytes)) => {
            let length = (header::CONTENT_LENGTH, package.size.to_string());
            ([(header::CONTENT_TYPE, "application/gzip".to_owned()), length], Body::from_stream(bytes)).into_response()
        }
        Err(error) => static_page::json(error),
    }
}
