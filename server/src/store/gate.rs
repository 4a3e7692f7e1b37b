//! Admission to the store: one write at a time, a few reads at a time, and reads never wait for a write. Independent of
//! the database engine; waiting here blocks no thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// How long a write may take to begin, and a read to be admitted: about as long as people wait for a page before they
/// retry by themselves.
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

/// How many writes may wait. A write takes a few milliseconds, so that these finish within a second when the store
/// works; when it does not, more of them would only wait to be refused.
const WAITING: usize = 64;

/// Reads at the same time: more than the cores of a small machine, so that one long read does not delay the others.
const READS: usize = 8;

/// Not admitted, so nothing was done: too many wait already, or the time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// Admits reads and writes.
pub(super) struct Gate {
    writing: Arc<Semaphore>,
    waiting: Semaphore,
    reading: Arc<Semaphore>,
}

/// A permit for one read or write, held until dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
    until: Instant,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate {
            writing: Arc::new(Semaphore::new(1)),
            waiting: Semaphore::new(WAITING),
            reading: Arc::new(Semaphore::new(READS)),
        }
    }
}

impl Gate {
    /// Waits until no other write is in progress. The [`Turn`] has what is left of `patience`, for waits of the engine.
    ///
    /// # Errors
    /// Fails at once when [`WAITING`] writes wait already; otherwise after `patience`.
    pub(super) async fn write(&self, patience: Duration) -> Result<Turn, Busy> {
        let until = Instant::now() + patience;
        if let Some(turn) = try_admit(&self.writing, until)? {
            return Ok(turn);
        }
        let _waits = self.waiting.try_acquire().map_err(|_| Busy)?;
        admit(&self.writing, until).await
    }

    /// Waits until fewer than [`READS`] reads are in progress.
    ///
    /// # Errors
    /// Fails after `patience`.
    pub(super) async fn read(&self, patience: Duration) -> Result<Turn, Busy> {
        let until = Instant::now() + patience;
        match try_admit(&self.reading, until)? {
            Some(turn) => Ok(turn),
            None => admit(&self.reading, until).await,
        }
    }
}

impl Turn {
    /// What is left of the time to begin.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// Admits without waiting, and so without a timer.
fn try_admit(permits: &Arc<Semaphore>, until: Instant) -> Result<Option<Turn>, Busy> {
    match permits.clone().try_acquire_owned() {
        Ok(permit) => Ok(Some(Turn { _permit: permit, until })),
        Err(TryAcquireError::NoPermits) => Ok(None),
        Err(TryAcquireError::Closed) => Err(Busy),
    }
}

async fn admit(permits: &Arc<Semaphore>, until: Instant) -> Result<Turn, Busy> {
    let left = until.saturating_duration_since(Instant::now());
    match tokio::time::timeout(left, permits.clone().acquire_owned()).await {
        Ok(Ok(permit)) => Ok(Turn { _permit: permit, until }),
        Ok(Err(_)) | Err(_) => Err(Busy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn one_writes_while_others_read() {
        let gate = Gate::default();
        let writing = gate.write(LONG).await.unwrap();
        assert_eq!(gate.write(MOMENT).await.unwrap_err(), Busy);
        let mut reading = Vec::new();
        for _ in 0..READS {
            reading.push(gate.read(MOMENT).await.unwrap());
        }
        assert_eq!(gate.read(MOMENT).await.unwrap_err(), Busy);
        reading.pop();
        gate.read(MOMENT).await.unwrap();
        drop(writing);
        assert!(gate.write(LONG).await.unwrap().left() > MOMENT);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_admits_those_in_it_in_turn() {
        let gate = Arc::new(Gate::default());
        let writing = gate.write(LONG).await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move { gate.write(LONG).await.map(drop) })
            })
            .collect();
        while gate.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(gate.write(LONG).await.unwrap_err(), Busy);
        drop(writing);
        for turn in waiting {
            assert_eq!(turn.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_dropped_waiter_leaves_the_queue() {
        let gate = Gate::default();
        let _writing = gate.write(LONG).await.unwrap();
        assert!(tokio::time::timeout(MOMENT, gate.write(LONG)).await.is_err());
        assert_eq!(gate.waiting.available_permits(), WAITING);
    }
}
