//! Who may use the store now: writes one at a time, reads a few at a time and never behind a write. Knows nothing of the
//! engine behind it; whoever waits here holds no thread.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

/// How long a write may take to begin, and a read to be admitted: as long as somebody looks at a page that does not
/// come, before they try again by themselves.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Writes that may wait. One takes some milliseconds, so that these are done within a second when nothing is wrong; when
/// something is, more of them would only wait to be refused.
const WAITING: usize = 64;

/// Reads at the same time: more than the cores of a small machine, so that one long read does not hold up the others.
const READS: usize = 8;

/// Nothing was begun: too many wait already, or the time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

/// The gate.
pub(super) struct Gate {
    writing: Arc<Semaphore>,
    waiting: Semaphore,
    reading: Arc<Semaphore>,
}

/// The right to do one piece of work, held until it is dropped.
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
    /// Waits until no other write is under way. The [`Turn`] says what is left of `patience` for what the engine has to
    /// wait for.
    ///
    /// # Errors
    /// At once when [`WAITING`] writes wait already; otherwise after `patience`.
    pub(super) async fn write(&self, patience: Duration) -> Result<Turn, Busy> {
        let until = Instant::now() + patience;
        if let Some(turn) = try_admit(&self.writing, until)? {
            return Ok(turn);
        }
        let _waits = self.waiting.try_acquire().map_err(|_| Busy)?;
        admit(&self.writing, until).await
    }

    /// Waits until fewer than [`READS`] reads are under way.
    ///
    /// # Errors
    /// After `patience`.
    pub(super) async fn read(&self, patience: Duration) -> Result<Turn, Busy> {
        let until = Instant::now() + patience;
        match try_admit(&self.reading, until)? {
            Some(turn) => Ok(turn),
            None => admit(&self.reading, until).await,
        }
    }
}

impl Turn {
    /// What is left of the patience.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// Without waiting, and so without a timer.
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
    async fn a_full_queue_is_said_at_once_and_those_in_it_come_in_turn() {
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
    async fn who_stops_waiting_leaves_the_queue() {
        let gate = Gate::default();
        let _writing = gate.write(LONG).await.unwrap();
        assert!(tokio::time::timeout(MOMENT, gate.write(LONG)).await.is_err());
        assert_eq!(gate.waiting.available_permits(), WAITING);
    }
}
