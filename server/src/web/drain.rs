//! What is done with the rest of a body that nobody wants. A connection that is closed while its request is still being
//! sent shows a broken connection in the browser, not the answer; so the answer is sent at once, and some of the rest is
//! read and forgotten before the connection closes.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt};

/// Bytes that are read away: what a browser has on its way when it sees the answer, many times over.
const MOST: usize = 8 * 1024 * 1024;

/// How long that may take.
const LONGEST: Duration = Duration::from_secs(5);

/// Reads the rest away while the answer is sent.
pub fn in_background(body: Body) {
    tokio::spawn(drain(body.into_data_stream()));
}

/// The same for what was read from already.
pub fn rest_in_background<E: Send + 'static>(rest: impl Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static) {
    tokio::spawn(drain(rest));
}

async fn drain<E>(mut body: impl Stream<Item = Result<Bytes, E>> + Unpin) {
    let read = async {
        let mut left = MOST;
        while let Some(Ok(bytes)) = body.next().await {
            match left.checked_sub(bytes.len()) {
                Some(less) => left = less,
                None => return,
            }
        }
    };
    // Late or not, the answer is the same.
    let _ = tokio::time::timeout(LONGEST, read).await;
}
