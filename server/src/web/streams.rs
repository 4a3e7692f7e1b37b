//! Limits the number of live streams, in total and per session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::descriptors;
use crate::settings::Settings;

/// The open streams; clones share them.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

struct Inner {
    per_session: usize,
    most: usize,
    /// Counts by session token.
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    total: usize,
    by_session: HashMap<String, usize>,
}

impl Streams {
    /// Streams may use at most three quarters of all connections, since pages need some, too.
    pub fn of(settings: &Settings) -> Streams {
        Streams::new(settings.max_streams_per_session.get(), descriptors::for_connections() * 3 / 4)
    }

    fn new(per_session: usize, most: usize) -> Streams {
        Streams(Arc::new(Inner { per_session, most, open: Mutex::default() }))
    }

    /// Opens a stream of this session, counted until the returned value is dropped.
    pub fn open(&self, token: &str) -> Result<Counted, TooMany> {
        let mut open = self.state();
        let of_session = open.by_session.get(token).copied().unwrap_or_default();
        if of_session >= self.0.per_session {
            return Err(TooMany::OfSession(self.0.per_session));
        }
        if open.total >= self.0.most {
            return Err(TooMany::InAll);
        }
        open.total += 1;
        open.by_session.insert(token.to_owned(), of_session + 1);
        Ok(Counted(self.clone(), token.to_owned()))
    }

    fn state(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open stream.
pub struct Counted(Streams, String);

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.0.state();
        open.total -= 1;
        let left = open.by_session.get(&self.1).map_or(0, |count| count - 1);
        match left {
            0 => drop(open.by_session.remove(&self.1)),
            left => drop(open.by_session.insert(self.1.clone(), left)),
        }
    }
}

/// Why a stream is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    OfSession(usize),
    InAll,
}

impl IntoResponse for TooMany {
    /// Closes the connection, to free it for others.
    fn into_response(self) -> Response {
        let (status, words) = match self {
            TooMany::OfSession(most) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!("This session already has {most} live streams, which is the limit. Close some of its pages.\n"),
            ),
            TooMany::InAll => (
                StatusCode::SERVICE_UNAVAILABLE,
                "The console has reached its limit of live streams. Try again soon.\n".to_owned(),
            ),
        };
        (status, [(header::CONNECTION, "close")], words).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_limited_per_session_and_in_total() {
        let streams = Streams::new(2, 3);
        let mine: Vec<_> = (0..2).map(|_| streams.open("mine").ok().unwrap()).collect();
        assert_eq!(streams.open("mine").err(), Some(TooMany::OfSession(2)));
        let _theirs = streams.open("theirs").ok().unwrap();
        assert_eq!(streams.open("theirs").err(), Some(TooMany::InAll));
        drop(mine);
        assert!(streams.open("theirs").is_ok());
        assert_eq!(streams.state().by_session.len(), 1);
    }
}
