//! Discards the rest of a request body. A browser shows a broken connection instead of the response when the connection
//! closes while the request is still being sent. So the response is sent at once, and some of the remaining body is
//! read and discarded before the connection closes.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt};

/// Maximum bytes to discard: many times what a browser has in flight when it sees the response.
const MOST: usize = 8 * 1024 * 1024;

/// Timeout for discarding.
const LONGEST: Duration = Duration::from_secs(5);

/// Discards the body in the background while the response is sent.
pub fn in_background(body: Body) {
    tokio::spawn(drain(body.into_data_stream()));
}

/// Discards the rest of a body that was partly read.
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
    // A timeout makes no difference to the response.
    let _ = tokio::time::timeout(LONGEST, read).await;
}
