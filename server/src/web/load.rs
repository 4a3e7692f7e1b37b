//! Limits the work that needs much memory or a whole core. Excess requests wait a little and are then asked to retry:
//! a flood of one kind of request slows down only that kind.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::error::{Error, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::busy;

/// Pages rendered at once. Most of the time they wait for the store or the cluster; a page has at most a megabyte.
const PAGES: usize = 16;

/// Large bodies (megabytes) in memory at once.
const LARGE_BODIES: usize = 8;

/// Concurrent uploads of all callers. Each holds the names of its members in memory: 20 MiB at worst.
const UPLOADS: usize = 16;

/// Concurrent uploads of one caller, so that one caller cannot use all places.
const UPLOADS_OF_ONE: usize = 4;

/// Timeout for getting a place.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The places for costly work.
pub struct Load {
    pages: Arc<Semaphore>,
    large_bodies: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    uploads_of: Arc<Mutex<HashMap<i64, usize>>>,
}

impl Default for Load {
    fn default() -> Load {
        Load {
            pages: Arc::new(Semaphore::new(PAGES)),
            large_bodies: Arc::new(Semaphore::new(LARGE_BODIES)),
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            uploads_of: Arc::default(),
        }
    }
}

/// A place for an upload; freed when dropped.
pub struct UploadPlace {
    _permit: OwnedSemaphorePermit,
    _of_caller: OfCaller,
}

struct OfCaller {
    counts: Arc<Mutex<HashMap<i64, usize>>>,
    caller: i64,
}

impl Load {
    /// Waits for a place to render a page.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when no place became free within five seconds; the same for the other methods.
    pub async fn page(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.pages).await
    }

    /// Waits for a place for a large body.
    pub async fn large_body(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.large_bodies).await
    }

    /// Waits for a place for an upload of this caller (a user ID). Fails at once when the caller has used up theirs.
    pub async fn upload(&self, caller: i64) -> Result<UploadPlace, Error> {
        let of_caller = OfCaller::enter(&self.uploads_of, caller)?;
        Ok(UploadPlace { _permit: place(&self.uploads).await?, _of_caller: of_caller })
    }
}

async fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Error> {
    match tokio::time::timeout(TIMEOUT, places.clone().acquire_owned()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(busy()),
    }
}

impl OfCaller {
    fn enter(counts: &Arc<Mutex<HashMap<i64, usize>>>, caller: i64) -> Result<OfCaller, Error> {
        let mut all = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(caller).or_default();
        if *count == UPLOADS_OF_ONE {
            let words = format!(
                "You already have {UPLOADS_OF_ONE} uploads in progress, which is the limit. Try again when one has finished."
            );
            return Err(Error::new(ErrorKind::Unavailable, words));
        }
        *count += 1;
        Ok(OfCaller { counts: counts.clone(), caller })
    }
}

impl Drop for OfCaller {
    fn drop(&mut self) {
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_caller_never_uses_all_places_and_can_reuse_freed_ones() {
        let load = Load::default();
        let mut places = Vec::new();
        for _ in 0..UPLOADS_OF_ONE {
            places.push(load.upload(1).await.ok().unwrap());
        }
        assert!(load.upload(1).await.is_err());
        assert!(load.upload(2).await.is_ok());
        places.pop();
        assert!(load.upload(1).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_without_a_place_in_time_is_asked_to_retry() {
        let load = Load::default();
        let mut places = Vec::new();
        for _ in 0..LARGE_BODIES {
            places.push(load.large_body().await.unwrap());
        }
        assert_eq!(load.large_body().await.unwrap_err().kind, ErrorKind::Unavailable);
        places.pop();
        assert!(load.large_body().await.is_ok());
    }
}
