//! Whether the store can be written now, for those who ask often: what was written a moment ago answers, and only after a
//! pause a write is tried.

use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::{Store, StoreError};

/// How long a commit says that writing is possible: an idle store is written a few times a minute, however often one
/// asks.
const FRESH: Duration = Duration::from_secs(15);

/// How long a write may take to begin that is tried only to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a refusal is repeated without another try.
const REFUSED: Duration = Duration::from_secs(1);

/// What is known.
#[derive(Default)]
pub(super) struct Readiness {
    /// When the last transaction was committed; none when one was not since.
    written: StdMutex<Option<Instant>>,
    /// The last refusal. Held while a write is tried, so that one is at a time, and all who ask get its answer.
    refused: Mutex<Option<(Instant, Arc<StoreError>)>>,
}

impl Readiness {
    /// A transaction came to its end. One that was not committed may have had reasons of its own; the next question
    /// finds out.
    pub(super) fn note(&self, committed: bool) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = committed.then(Instant::now);
    }

    fn is_fresh(&self) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < FRESH)
    }
}

impl Store {
    /// Proves that the store can be written, by a commit of the last seconds or by one more.
    ///
    /// # Errors
    /// Why it cannot be written, within two seconds.
    pub async fn prove_writable(&self) -> Result<(), Arc<StoreError>> {
        if self.0.readiness.is_fresh() {
            return Ok(());
        }
        let mut refused = self.0.readiness.refused.lock().await;
        // Whoever held the lock before may have found out.
        if self.0.readiness.is_fresh() {
            return Ok(());
        }
        if let Some((_, error)) = refused.as_ref().filter(|(at, _)| at.elapsed() < REFUSED) {
            return Err(error.clone());
        }
        let now = self.now();
        // A row, since an empty transaction would succeed on a full disk.
        let tried = self
            .write_within(PATIENCE, move |_, transaction, _| {
                transaction.execute(
                    "INSERT INTO meta (name, value) VALUES ('proven', ?1)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    [now.0.to_string()],
                )?;
                Ok::<_, StoreError>(())
            })
            .await;
        let tried = tried.map_err(Arc::new);
        *refused = tried.as_ref().err().map(|error| (Instant::now(), error.clone()));
        tried
    }
}
