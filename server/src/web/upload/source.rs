//! The body of an upload between socket and parser. Limits the bytes before the file and in total; afterwards, the rest
//! of the body remains available so that it can be discarded.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tower_http::timeout::TimeoutBody;

/// Maximum bytes before the content of the file; the fields of the form take a few hundred. Until the file begins, all
/// bytes are kept in memory and searched for a boundary.
pub const HEAD: u64 = 128 * 1024;

/// Maximum bytes after the content of the file: the last boundary.
const BEHIND: u64 = 4 * 1024;

/// Maximum bytes passed on at once, so that limits are not exceeded by much.
const PIECE: usize = 16 * 1024;

/// Timeout for a pause in the body, such as a train in a tunnel.
const PAUSE: Duration = Duration::from_secs(60);

/// Why reading the body stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than the total limit.
    TooLarge,
    /// More bytes before the file than any form sends.
    HeadTooLarge,
    /// The body ended early or paused for too long.
    Broken,
}

#[derive(Debug, thiserror::Error)]
#[error("reading the body stopped: {0:?}")]
pub struct NotReadOn(Fault);

/// The body; clones read the same one.
#[derive(Clone)]
pub struct Source(Arc<Mutex<Inner>>);

struct Inner {
    body: BodyDataStream,
    /// Bytes read from the body but not yet passed on.
    piece: Bytes,
    /// Bytes left until the total limit.
    left: u64,
    /// Bytes left until the limit before the file; `None` once the file began.
    left_before_file: Option<u64>,
    fault: Option<Fault>,
    /// A piece was passed on; the parser processes it before it gets another one.
    is_resting: bool,
}

impl Source {
    /// Creates a source that passes on at most `most` bytes of the body.
    pub fn new(body: Body, most: u64) -> Source {
        let body = Body::new(TimeoutBody::new(PAUSE, body)).into_data_stream();
        Source(Arc::new(Mutex::new(Inner {
            body,
            piece: Bytes::new(),
            left: most,
            left_before_file: Some(HEAD),
            fault: None,
            is_resting: false,
        })))
    }

    /// Call this when the content of the file begins; `most` is its limit in bytes.
    pub fn file_begins(&self, most: u64) {
        let mut inner = self.inner();
        inner.left_before_file = None;
        inner.left = most.saturating_add(BEHIND);
    }

    pub fn fault(&self) -> Option<Fault> {
        self.inner().fault
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for Source {
    type Item = Result<Bytes, NotReadOn>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut inner = self.inner();
        if let Some(fault) = inner.fault {
            return Poll::Ready(Some(Err(NotReadOn(fault))));
        }
        // The form parser reads all available data before it parses any of it.
        if std::mem::take(&mut inner.is_resting) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if inner.piece.is_empty() {
            match ready!(inner.body.poll_next_unpin(context)) {
                None => return Poll::Ready(None),
                Some(Ok(bytes)) => inner.piece = bytes,
                Some(Err(error)) => {
                    tracing::debug!(%error, "an upload was interrupted");
                    return Poll::Ready(Some(Err(inner.give_up(Fault::Broken))));
                }
            }
        }
        let size = inner.piece.len().min(PIECE);
        let piece = inner.piece.split_to(size);
        inner.is_resting = true;
        Poll::Ready(Some(inner.count(size as u64).map(|()| piece)))
    }
}

impl Inner {
    fn count(&mut self, bytes: u64) -> Result<(), NotReadOn> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(self.give_up(Fault::TooLarge)),
        }
        if let Some(left) = self.left_before_file {
            match left.checked_sub(bytes) {
                Some(left) => self.left_before_file = Some(left),
                None => return Err(self.give_up(Fault::HeadTooLarge)),
            }
        }
        Ok(())
    }

    fn give_up(&mut self, fault: Fault) -> NotReadOn {
        self.fault = Some(fault);
        NotReadOn(fault)
    }
}

/// The rest of a body, to be discarded, without limits.
pub struct Rest(Source);

impl From<Source> for Rest {
    fn from(source: Source) -> Rest {
        Rest(source)
    }
}

impl Stream for Rest {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.inner().body.poll_next_unpin(context)
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    fn source(pieces: Vec<usize>, most: u64) -> Source {
        let pieces = pieces.into_iter().map(|size| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; size])));
        Source::new(Body::from_stream(stream::iter(pieces)), most)
    }

    async fn read(source: &mut Source) -> usize {
        let mut size = 0;
        while let Some(Ok(bytes)) = source.next().await {
            size += bytes.len();
        }
        size
    }

    #[tokio::test]
    async fn bytes_before_the_file_are_limited_and_the_file_is_not() {
        let mut endless = source(vec![100_000; 10], u64::MAX);
        assert!(read(&mut endless).await as u64 <= HEAD);
        assert_eq!(endless.fault(), Some(Fault::HeadTooLarge));

        let mut file = source(vec![100_000; 10], u64::MAX);
        file.file_begins(u64::MAX);
        assert_eq!((read(&mut file).await, file.fault()), (1_000_000, None));
    }

    #[tokio::test]
    async fn reading_stops_at_the_limit_and_the_rest_can_be_discarded() {
        let mut large = source(vec![100_000; 10], u64::MAX);
        large.file_begins(250_000);
        assert!(read(&mut large).await as u64 <= 250_000 + BEHIND);
        assert_eq!(large.fault(), Some(Fault::TooLarge));
        assert_eq!(Rest::from(large).count().await, 7);
    }

    #[tokio::test]
    async fn an_interrupted_body_is_not_taken_for_a_complete_one() {
        let broken = stream::iter([Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("gone"))]);
        let mut broken = Source::new(Body::from_stream(broken), 100);
        assert_eq!(read(&mut broken).await, 1);
        assert_eq!(broken.fault(), Some(Fault::Broken));
        assert!(broken.next().await.is_some_and(|piece| piece.is_err()), "the fault does not persist");
    }
}
