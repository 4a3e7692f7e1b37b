//! Whether the store can be written now, for frequent probes: a recent commit is proof enough, and only without one a
//! write is tried.

use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::{Store, StoreError};

/// How long a commit proves that writing is possible: an idle store is written a few times a minute, however frequent
/// the probes.
const FRESH: Duration = Duration::from_secs(15);

/// How long a trial write may take to begin.
const TIMEOUT: Duration = Duration::from_secs(1);

/// How long a failure is returned without another attempt.
const REFUSED: Duration = Duration::from_secs(1);

/// The last results.
#[derive(Default)]
pub(super) struct Readiness {
    /// When the last transaction was committed; `None` when one has failed since.
    written: StdMutex<Option<Instant>>,
    /// The last failure. Locked while a write is tried, so that concurrent probes share one attempt.
    refused: Mutex<Option<(Instant, Arc<StoreError>)>>,
}

impl Readiness {
    /// Records the end of a transaction. One that was not committed may have failed for other reasons; the next probe
    /// finds out.
    pub(super) fn note(&self, committed: bool) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = committed.then(Instant::now);
    }

    fn is_fresh(&self) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|at| at.elapsed() < FRESH)
    }
}

impl Store {
    /// Succeeds when the store can be written, as shown by a recent commit or by a new one.
    ///
    /// # Errors
    /// Fails within two seconds, with the reason why the store cannot be written.
    pub async fn prove_writable(&self) -> Result<(), Arc<StoreError>> {
        if self.0.readiness.is_fresh() {
            return Ok(());
        }
        let mut refused = self.0.readiness.refused.lock().await;
        // The previous holder of the lock may have found out.
        if self.0.readiness.is_fresh() {
            return Ok(());
        }
        if let Some((_, error)) = refused.as_ref().filter(|(at, _)| at.elapsed() < REFUSED) {
            return Err(error.clone());
        }
        let now = self.now();
        // A row, since an empty transaction would succeed on a full disk.
        let tried = self
            .write_within(TIMEOUT, move |_, transaction, _| {
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
