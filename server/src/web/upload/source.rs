//! The body of an upload between the socket and whoever takes it apart: bounded before the file begins and in all, and
//! still at hand afterwards, so that what is left of it can be read away.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tower_http::timeout::TimeoutBody;

/// Bytes before the content of the file: the fields of the form have a few hundred. Until the file begins, all that came
/// is kept in memory and searched for a boundary.
pub const HEAD: u64 = 128 * 1024;

/// Bytes after the content of the file: the last boundary.
const BEHIND: u64 = 4 * 1024;

/// Bytes that are passed on at once, so that no limit is overshot by much.
const PIECE: usize = 16 * 1024;

/// How long a body may pause: a train in a tunnel.
const PAUSE: Duration = Duration::from_secs(60);

/// Why a body was not read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More than is accepted in all.
    TooLarge,
    /// More before the file than any form sends.
    HeadTooLarge,
    /// It broke off, or paused for too long.
    Broken,
}

#[derive(Debug, thiserror::Error)]
#[error("the body was not read on: {0:?}")]
pub struct NotReadOn(Fault);

/// The body; clones read the same one.
#[derive(Clone)]
pub struct Source(Arc<Mutex<Inner>>);

struct Inner {
    body: BodyDataStream,
    /// Read from the body, not passed on yet.
    piece: Bytes,
    /// Bytes that may still come.
    left: u64,
    /// The same until the file begins.
    left_before_file: Option<u64>,
    fault: Option<Fault>,
    /// A piece was passed on: whoever took it works on it before there is another one.
    is_resting: bool,
}

impl Source {
    /// Passes on at most this many bytes of the body.
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

    /// The content of the file begins, of at most this many bytes.
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
        // The parser of forms takes all that it can get before it looks at any of it.
        if std::mem::take(&mut inner.is_resting) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if inner.piece.is_empty() {
            match ready!(inner.body.poll_next_unpin(context)) {
                None => return Poll::Ready(None),
                Some(Ok(bytes)) => inner.piece = bytes,
                Some(Err(error)) => {
                    tracing::debug!(%error, "an upload broke off");
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

/// What is left of a body, to be read away: it passes on whatever comes.
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
    async fn what_comes_before_the_file_is_bounded_and_what_comes_after_is_not() {
        let mut endless = source(vec![100_000; 10], u64::MAX);
        assert!(read(&mut endless).await as u64 <= HEAD);
        assert_eq!(endless.fault(), Some(Fault::HeadTooLarge));

        let mut file = source(vec![100_000; 10], u64::MAX);
        file.file_begins(u64::MAX);
        assert_eq!((read(&mut file).await, file.fault()), (1_000_000, None));
    }

    #[tokio::test]
    async fn no_more_is_read_than_is_accepted_and_the_rest_can_be_read_away() {
        let mut large = source(vec![100_000; 10], u64::MAX);
        large.file_begins(250_000);
        assert!(read(&mut large).await as u64 <= 250_000 + BEHIND);
        assert_eq!(large.fault(), Some(Fault::TooLarge));
        assert_eq!(Rest::from(large).count().await, 7);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_taken_for_its_end() {
        let broken = stream::iter([Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("gone"))]);
        let mut broken = Source::new(Body::from_stream(broken), 100);
        assert_eq!(read(&mut broken).await, 1);
        assert_eq!(broken.fault(), Some(Fault::Broken));
        assert!(broken.next().await.is_some_and(|piece| piece.is_err()), "nor later");
    }
}
