//! How much of the work that costs memory or a core goes on at once. What does not fit waits a little, and is then asked
//! to come back; so that many requests make the console slow for those who ask for these, and for nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::error::{Error, ErrorKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::busy;

/// Pages that are rendered at once. Most of them wait for the store or the cluster; a page has a megabyte at most.
const PAGES: usize = 16;

/// Bodies of megabytes that are in memory at once.
const LARGE_BODIES: usize = 8;

/// Packages that arrive at once, of all callers. Each keeps the names of its members in memory: 20 MiB at worst.
const UPLOADS: usize = 16;

/// Packages that arrive at once from one caller, so that nobody takes all places.
const UPLOADS_OF_ONE: usize = 4;

/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// The places.
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

/// A place among the uploads; dropped, it is free again.
pub struct UploadPlace {
    _permit: OwnedSemaphorePermit,
    _of_caller: OfCaller,
}

struct OfCaller {
    counts: Arc<Mutex<HashMap<i64, usize>>>,
    caller: i64,
}

impl Load {
    /// A place to render a page.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when none became free in five seconds; so for the others.
    pub async fn page(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.pages).await
    }

    /// A place for a body of megabytes.
    pub async fn large_body(&self) -> Result<OwnedSemaphorePermit, Error> {
        place(&self.large_bodies).await
    }

    /// A place for a package of this caller, by the user's ID. Somebody who has all of theirs in use gets none at once.
    pub async fn upload(&self, caller: i64) -> Result<UploadPlace, Error> {
        let of_caller = OfCaller::enter(&self.uploads_of, caller)?;
        Ok(UploadPlace { _permit: place(&self.uploads).await?, _of_caller: of_caller })
    }
}

async fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Error> {
    match tokio::time::timeout(PATIENCE, places.clone().acquire_owned()).await {
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
                "{UPLOADS_OF_ONE} uploads of yours are under way, and more are not taken at once. Try again when one has ended."
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
    async fn one_caller_never_takes_all_places_and_gets_those_back_that_are_left() {
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
    async fn who_finds_no_place_in_time_is_asked_to_come_back() {
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
