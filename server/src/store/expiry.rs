//! The expiry of links and sessions. The machine's clock may jump back, which must not revive what has expired; it may
//! also be far ahead for a moment, which must not expire what is created afterwards.
//!
//! So no time is remembered for good. What has expired is ended in the database as soon as its time comes
//! ([`Store::keep_expiring`]), so that it stays ended after the process is killed. Until then, expiry is judged by the
//! latest time seen plus the time since by a monotonic clock; afterwards the machine's clock counts again, whatever it
//! shows. A clock that was ahead for a moment makes people sign in again, once; remembering its time would lock them
//! out for years.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::model::Timestamp;
use rusqlite::Transaction;
use tokio_util::sync::CancellationToken;

use super::{Store, StoreError};

/// The longest pause before expired sessions and links are ended in the database: the clock may have jumped ahead.
const OFTEN: Duration = Duration::from_secs(30);

/// The pause after the database could not be written.
const AGAIN: Duration = Duration::from_secs(1);

/// The latest time seen since the database was last brought up to it.
#[derive(Default)]
pub(super) struct Expiry {
    seen: Mutex<Option<(Timestamp, Instant)>>,
    /// Whether a task is bringing the database up to it now.
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

    /// Records that everything expired by the latest time seen is ended in the database.
    fn begin_anew(&self, clock: Timestamp) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((clock, Instant::now()));
    }
}

impl Store {
    /// The time by which the expiry of links and sessions is judged.
    pub(super) fn judged_now(&self) -> Timestamp {
        self.0.expiry.judge(self.now())
    }

    /// Ends expired sessions and links in the database: deletes the sessions, marks the links.
    ///
    /// # Errors
    /// When the store cannot be read or written. They stay expired in this process; try again.
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

    /// Runs [`Store::end_expired`] in the background, after an expired session or link was used.
    pub(super) fn end_expired_soon(&self) {
        if self.0.expiry.ending.swap(true, Ordering::AcqRel) {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            if let Err(error) = store.end_expired().await {
                tracing::debug!(%error, "could not end expired sessions and links in the store; retrying later");
            }
            store.0.expiry.ending.store(false, Ordering::Release);
        });
    }

    /// Ends each session and link in the database when it expires, until `shutdown`, and once more then.
    pub async fn keep_expiring(self, shutdown: CancellationToken) {
        loop {
            let pause = self.until_next_expiry().await;
            let stopped = tokio::time::timeout(pause, shutdown.cancelled()).await.is_ok();
            let ended = self.end_expired().await;
            if let Err(error) = &ended {
                tracing::debug!(%error, "could not end expired sessions and links in the store; retrying later");
            }
            if stopped {
                return;
            }
            if ended.is_err() {
                // Still due: without a pause, the next attempt would follow at once.
                tokio::time::sleep(AGAIN).await;
            }
        }
    }

    /// The pause until the next expiry, at most [`OFTEN`]. Links live longer than that, so that the next check comes
    /// before the expiry of a link created meanwhile.
    async fn until_next_expiry(&self) -> Duration {
        let next = self.read(|_, transaction| next_expiry(transaction)).await.ok().flatten();
        let left = next.map(|next| u64::try_from(next.0.saturating_sub(self.judged_now().0)).unwrap_or(0));
        left.map_or(OFTEN, |left| OFTEN.min(Duration::from_millis(left)))
    }
}

/// The earliest expiry of the sessions and links that are not ended.
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
