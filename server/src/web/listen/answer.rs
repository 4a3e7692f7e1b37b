//! What somebody is told who is one too many, and answers that count until they are out.

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

/// How long somebody who is refused may take to read that.
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
                "Too many connections from your address: at most {per_address} at a time. Close some, and try again in {RETRY_AFTER} seconds.\n"
            ),
            Refused::Full => format!("The console has no connection to spare. Try again in {RETRY_AFTER} seconds.\n"),
        }
    }

    /// The answer to one request.
    pub fn answer(self, per_address: usize) -> Response<Body> {
        let mut response = Response::new(Body::from(self.words(per_address)));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        response
    }

    /// The answer on a connection that is not served: whatever is asked on it.
    pub async fn tell(self, mut stream: TcpStream, per_address: usize, _leaving: Leaving) {
        let (status, words) = (self.status(), self.words(per_address));
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: {RETRY_AFTER}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{words}",
            words.len()
        );
        let told = async {
            stream.write_all(answer.as_bytes()).await?;
            stream.shutdown().await?;
            // Closed with something unread, a connection is reset, and the answer lost.
            let mut unread = [0; 4096];
            while stream.read(&mut unread).await? > 0 {}
            std::io::Result::Ok(())
        };
        // Whoever does not read it has gone.
        let _ = tokio::time::timeout(READING, told).await;
    }
}

/// An answer's body that counts as being answered until it was sent or dropped.
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
