//! Responses for refused connections, and response bodies that count as busy until they are sent.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::table::{Busy, Leaving, Refused};
use crate::web::guard::RETRY_AFTER;

/// Timeout for a refused client to read the response.
const READING: Duration = Duration::from_secs(1);

impl Refused {
    fn status(self) -> StatusCode {
        match self {
            Refused::Address => StatusCode::TOO_MANY_REQUESTS,
            Refused::Full => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn words(self, per_address: usize) -> String {
        match self {
            Refused::Address => format!(
                "Too many connections from your address; the limit is {per_address}. Close some and try again in {RETRY_AFTER} seconds.\n"
            ),
            Refused::Full => format!("The console is at its connection limit. Try again in {RETRY_AFTER} seconds.\n"),
        }
    }

    /// The response to one request.
    pub fn answer(self, per_address: usize) -> Response<Body> {
        let mut response = Response::new(Body::from(self.words(per_address)));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        response
    }

    /// Sends the response on a connection that is not served, regardless of the request.
    pub async fn send(self, mut stream: TcpStream, per_address: usize, _leaving: Leaving) {
        let (status, words) = (self.status(), self.words(per_address));
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: {RETRY_AFTER}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{words}",
            words.len()
        );
        let answered = async {
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            // Closing a socket with unread data resets the connection and loses the response.
            let mut unread = [0; 4096];
            while stream.read(&mut unread).await? > 0 {}
            std::io::Result::Ok(())
        };
        // A client that does not read the response is disconnected.
        let _ = tokio::time::timeout(READING, answered).await;
    }
}

/// A response body that keeps its request counted as busy until it is sent or dropped.
pub struct Counted<B> {
    body: B,
    _busy: Option<Busy>,
}

impl<B> Counted<B> {
    pub fn new(body: B, busy: Option<Busy>) -> Counted<B> {
        Counted { body, _busy: busy }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Counted<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
