//! Reads request bodies completely before handlers run, within the limits of their route and a timeout.

use std::time::Duration;

use app::error::{Error, ErrorKind};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::fields::is_form;
use super::limits::{BodyLimits, values};
use crate::web::{Web, drain, static_page};

/// Timeout for reading a body: 3 MiB over a slow connection (1.5 Mbit/s), with time to spare.
const READ_TIME: Duration = Duration::from_secs(20);

/// Reads the body; the handler is called with all of it or not at all.
pub async fn read_body(State((web, limits)): State<(Web, BodyLimits)>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let place = match limits.is_large() {
        true => web.load.large_body().await.map(Some),
        false => Ok(None),
    };
    // Held until the response is ready, as long as the body is in memory.
    let _place = match place {
        Ok(place) => place,
        Err(error) => {
            drain::in_background(body);
            return static_page::error(&web, &parts.headers, error);
        }
    };
    match collect(&parts.headers, body, limits).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(unread) => unread.answer(&web, &parts.headers, limits),
    }
}

/// Why a body was not read.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    TooManyValues,
    TooSlow,
    Broken,
}

/// Reads the whole body, within its limits and the timeout.
pub async fn collect(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<Bytes, Unread> {
    if announced(headers).is_some_and(|length| length > limits.bytes as u64) {
        drain::in_background(body);
        return Err(Unread::TooLarge);
    }
    let body = match tokio::time::timeout(READ_TIME, Limited::new(body, limits.bytes).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(Unread::TooLarge),
        Ok(Err(_)) => return Err(Unread::Broken),
        Err(_) => return Err(Unread::TooSlow),
    };
    if values(&body, !is_form(headers)) > limits.values {
        return Err(Unread::TooManyValues);
    }
    Ok(body)
}

/// The length of the body according to `Content-Length`.
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl Unread {
    pub fn answer(self, web: &Web, headers: &HeaderMap, limits: BodyLimits) -> Response {
        let (status, title, words) = match self {
            Unread::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                format!("The request is too large; the limit here is {}.", app::labels::size(limits.bytes as u64)),
            ),
            Unread::TooManyValues => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too large",
                format!("The request has too many fields; the limit is {}.", limits.values),
            ),
            Unread::TooSlow => {
                (StatusCode::REQUEST_TIMEOUT, "Too slow", "The request took too long to arrive. Try again.".to_owned())
            }
            // The connection is broken, so this response is not delivered.
            Unread::Broken => (StatusCode::BAD_REQUEST, "Incomplete", "The request ended too early.".to_owned()),
        };
        static_page::refusal(web, headers, status, title, Error::new(ErrorKind::Invalid, words))
    }
}
