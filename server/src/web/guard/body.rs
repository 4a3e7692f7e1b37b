//! Bodies: read whole before anybody works on them, small, and within a time.

use std::time::Duration;

use app::error::{Error, ErrorKind};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::web::{Web, plain};

/// Every form but two: a reason of 500 characters and some names, written as `%F0%9F%98%80` at worst.
pub const SMALL_BODY: usize = 64 * 1024;

/// The configuration form and its server function: values of 900 KiB in all, which become up to three times as long
/// when every character is written as `%XX`, and their names.
pub const CONFIGURATION_BODY: usize = 3 * 1024 * 1024;

/// How long the whole of a small body may take: 3 MiB over a slow line (1.5 Mbit/s), with time to spare.
const READ_TIME: Duration = Duration::from_secs(20);

/// Reads the body, so that what comes after has all of it or is not called at all.
pub async fn read_body(State((web, limit)): State<(Web, usize)>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match collect(&parts.headers, body, limit).await {
        Ok(body) => next.run(Request::from_parts(parts, Body::from(body))).await,
        Err(unread) => unread.answer(&web, &parts.headers, limit),
    }
}

/// Why a body was not read.
pub enum Unread {
    TooLarge,
    TooSlow,
    Broken,
}

/// The whole body, if it is at most `limit` bytes and here in time.
pub async fn collect(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Unread> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit as u64) {
        return Err(Unread::TooLarge);
    }
    match tokio::time::timeout(READ_TIME, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        Ok(Err(_)) => Err(Unread::Broken),
        Err(_) => Err(Unread::TooSlow),
    }
}

impl Unread {
    fn answer(self, web: &Web, headers: &HeaderMap, limit: usize) -> Response {
        let (status, title, words) = match self {
            Unread::TooLarge => {
                let words = format!("The request is larger than the {} KiB that are accepted here.", limit / 1024);
                (StatusCode::PAYLOAD_TOO_LARGE, "Too large", words)
            }
            Unread::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "Too slow",
                "The request took too long to arrive. Send it again.".to_owned(),
            ),
            // The connection is broken, so nobody reads this.
            Unread::Broken => (StatusCode::BAD_REQUEST, "Incomplete", "The request ended too early.".to_owned()),
        };
        plain::refusal(web, headers, status, title, Error::new(ErrorKind::Invalid, words))
    }
}
