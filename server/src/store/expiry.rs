//! By which time links and sessions end. The machine's clock may jump back, and must not bring back what has ended; it
//! may also be far ahead for a moment, and must not end what is made afterwards.
//!
//! So no time is remembered for good. What has ended is ended in the database as soon as its time has come
//! ([`Store::keep_expiring`]), so that a process killed a moment later finds it ended, too; and until it is, the latest time that was seen, with what has passed since by a clock that
//! cannot jump, is the time to judge by. Afterwards the machine's clock counts again, wherever it stands. A clock that was
//! ahead for a moment has people sign in again, once; remembering its time would have refused them for years.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::model::Timestamp;
use rusqlite::Transaction;
use tokio_util::sync::CancellationToken;

use super::{Store, StoreError};

/// How often, at least, what has ended is ended in the database: the machine's clock may have jumped ahead.
const OFTEN: Duration = Duration::from_secs(30);

/// The pause after the database could not be written.
const AGAIN: Duration = Duration::from_secs(1);

/// The latest time seen since the database was last brought up to it.
#[derive(Default)]
pub(super) struct Expiry {
    seen: Mutex<Option<(Timestamp, Instant)>>,
    /// Whether somebody is bringing it up to it now.
    ending: AtomicBool,
}

impl Expiry {
    fn judge(&self, clock: Timestamp) -> Timestamp {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = seen.map_or(clock, |(at, when)| {
            Timestamp(at.0.saturating_add_unsigned(u64::try_from(when.elapsed().as_millis()).unwrap_or(u64::MAX)))
        });
        let latest = clock.max(passed);
        *seen = Some((latest, Instant::now()));
        latest
    }

    /// Everything that had ended by what was seen is ended in the database.
    fn begin_anew(&self, clock: Timestamp) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock, Instant::now()));
    }
}

impl Store {
    /// The time by which links and sessions are judged.
    pub(super) fn judged_now(&self) -> Timestamp {
        self.0.expiry.judge(self.now())
    }

    /// Ends in the database what has ended by time: sessions are deleted, links marked.
    ///
    /// # Errors
    /// Then it stays ended in this process; try again.
    pub async fn end_expired(&self) -> Result<(), StoreError> {
        let now = self.judged_now();
        if self.read(move |_, transaction| has_expired(transaction, now)).await? {
            self.write(move |_, transaction, _| {
                transaction.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now.0])?;
                transaction
                    .execute("UPDATE sign_in_links SET expired = 1 WHERE expired = 0 AND expires_at <= ?1", [now.0])?;
                Ok::<_, StoreError>(())
            })
            .await?;
        }
        self.0.expiry.begin_anew(self.now());
        Ok(())
    }

    /// [`Store::end_expired`] in the background: somebody came with what has ended.
    pub(super) fn end_expired_soon(&self) {
        if self.0.expiry.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            if let Err(error) = store.end_expired().await {
                tracing::debug!(%error, "what has expired stays in the store for now");
            }
            store.0.expiry.ending.store(false, Ordering::Release);
        });
    }

    /// Ends each session and link in the database when its time comes, until `shutdown`, and once more then.
    pub async fn keep_expiring(self, shutdown: CancellationToken) {
        loop {
            let pause = self.until_next_expiry().await;
            let stopped = tokio::time::timeout(pause, shutdown.cancelled()).await.is_ok();
            let ended = self.end_expired().await;
            if let Err(error) = &ended {
                tracing::debug!(%error, "what has expired stays in the store for now");
            }
            if stopped {
                return;
            }
            if ended.is_err() {
                // Still due: without a pause, it would be tried again at once.
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// Links live longer than [`OFTEN`], so that the next look comes before the end of one made meanwhile.
    async fn until_next_expiry(&self) -> Duration {
        let next = self.read(|_, transaction| next_expiry(transaction)).await.ok().flatten();
        let left = next.map(|next| u64::try_from(next.0.saturating_sub(self.judged_now().0)).unwrap_or(0));
        left.map_or(OFTEN, |left| OFTEN.min(Duration::from_millis(left)))
    }
}

/// When the first session or link ends of those that have not been ended.
fn next_expiry(transaction: &Transaction) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT MIN(expires_at) FROM (SELECT MIN(expires_at) AS expires_at FROM sessions
             UNION ALL SELECT MIN(expires_at) FROM sign_in_links WHERE expired = 0)",
    )?;
    Ok(statement.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(Timestamp))
}

fn has_expired(transaction: &Transaction, now: Timestamp) -> Result<bool, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM sessions WHERE expires_at <= ?1)
             OR EXISTS (SELECT 1 FROM sign_in_links WHERE expired = 0 AND expires_at <= ?1)",
    )?;
    Ok(statement.query_row([now.0], |row| row.get(0))?)
}
