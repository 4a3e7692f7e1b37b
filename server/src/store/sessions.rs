//! Sessions: found by their token, kept alive by their use, ended by their owner. Reading decides; what is written of one
//! is written beside the request and may fail without refusing anybody who is signed in, or keeping in who signed out.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::{Caller, Timestamp};
use rusqlite::{OptionalExtension, Transaction};

use super::people::{DAY, MINUTE, caller};
use super::{Store, StoreError, secrets};

/// How long a session lives without being used where nothing else is set, in milliseconds: a week, so that one who
/// works daily stays signed in.
pub const SESSION_LIFE: i64 = 7 * DAY;

/// How long a session lives at most, in milliseconds, however much it is used: 30 days.
pub const SESSION_LONGEST: i64 = 30 * DAY;

/// A session is extended when at least this much of its life, in milliseconds, was used up: so a page costs a write
/// once an hour, not every time. Of a short life it is a tenth.
const EXTEND_AFTER: i64 = 60 * MINUTE;

/// Extensions at the same time. One that finds no room is made by the session's next request.
const EXTENSIONS: usize = 16;

/// The pause before sign-outs that could not be recorded are tried again.
const RECORD_AGAIN: Duration = Duration::from_secs(5);

/// What is known of sessions besides the database, by the hash of their token.
#[derive(Default)]
pub(super) struct Sessions {
    /// Being extended now.
    extending: Mutex<HashSet<String>>,
    /// Whether the last extension failed: many failures have one cause, which is logged once.
    extension_failed: AtomicBool,
    /// Signed out, and perhaps not recorded yet. Only a session that lives can be signed out, so that there are never more
    /// of these than sessions in the database.
    ended: Mutex<HashSet<String>>,
    /// Whether somebody is about to record them.
    recording: AtomicBool,
}

impl Store {
    /// Whose session this is, if it lives; using it keeps it alive for another `life` milliseconds.
    pub async fn session(&self, token: &str, life: i64) -> Result<Option<Caller>, StoreError> {
        let hash = secrets::hash(token);
        if lock(&self.0.sessions.ended).contains(&hash) {
            return Ok(None);
        }
        let now = self.judged_now();
        let found = {
            let hash = hash.clone();
            self.read(move |_, transaction| find(transaction, &hash)).await?
        };
        let Some((caller, created, expires)) = found else { return Ok(None) };
        if expires <= now {
            self.end_expired_soon();
            return Ok(None);
        }
        if !is_alive(expires, now) {
            return Ok(None);
        }
        let later = (self.now().0 + life).min(created.0 + SESSION_LONGEST);
        if later - expires.0 >= EXTEND_AFTER.min(life / 10) {
            self.extend_soon(hash, later);
        }
        Ok(Some(caller))
    }

    /// Whether this session lives; it is only looked at, not kept alive.
    pub async fn is_live_session(&self, token: &str) -> Result<bool, StoreError> {
        let hash = secrets::hash(token);
        if lock(&self.0.sessions.ended).contains(&hash) {
            return Ok(false);
        }
        let now = self.judged_now();
        let found = self.read(move |_, transaction| find(transaction, &hash)).await?;
        Ok(found.is_some_and(|(_, _, expires)| is_alive(expires, now)))
    }

    /// Extends a session in the background, once at a time.
    fn extend_soon(&self, hash: String, until: i64) {
        {
            let mut extending = lock(&self.0.sessions.extending);
            if extending.len() >= EXTENSIONS || !extending.insert(hash.clone()) {
                return;
            }
        }
        let store = self.clone();
        tokio::spawn(async move {
            let extended = store.extend(hash.clone(), until).await;
            let failed_before = store.0.sessions.extension_failed.swap(extended.is_err(), Ordering::Relaxed);
            match extended {
                Ok(()) => {}
                Err(error) if failed_before => tracing::debug!(%error, "a session was not extended"),
                Err(error) => tracing::warn!(%error, "a session was not extended; its next use tries it again"),
            }
            lock(&store.0.sessions.extending).remove(&hash);
        });
    }

    async fn extend(&self, hash: String, until: i64) -> Result<(), StoreError> {
        let now = self.judged_now();
        self.write(move |_, transaction, _| {
            // It may have been ended since it was used.
            transaction
                .prepare_cached(
                    "UPDATE sessions SET expires_at = ?2 WHERE token_hash = ?1 AND expires_at < ?2 AND expires_at > ?3",
                )?
                .execute((hash, until, now.0))?;
            Ok(())
        })
        .await
    }

    /// Ends a session; one that is not there is ended already. It is refused from the call on, whether the future is
    /// awaited or not.
    ///
    /// # Errors
    /// When that could not be recorded: it is tried again until it is, but a restart before that would revive the session.
    pub fn end_session(&self, token: &str) -> impl Future<Output = Result<(), StoreError>> + Send + use<> {
        let hash = secrets::hash(token);
        lock(&self.0.sessions.ended).insert(hash.clone());
        let store = self.clone();
        let recorded = tokio::spawn(async move {
            let recorded = store.record_ended(vec![hash]).await;
            if recorded.is_err() {
                store.record_ended_later();
            }
            recorded
        });
        async move { recorded.await.unwrap_or_else(|stopped| Err(StoreError::Stopped(stopped))) }
    }

    async fn record_ended(&self, hashes: Vec<String>) -> Result<(), StoreError> {
        let recorded = hashes.clone();
        self.write(move |_, transaction, _| {
            let mut delete = transaction.prepare_cached("DELETE FROM sessions WHERE token_hash = ?1")?;
            for hash in hashes {
                delete.execute([hash])?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
        lock(&self.0.sessions.ended).retain(|hash| !recorded.contains(hash));
        Ok(())
    }

    /// Has one task record all that is left, again and again, as long as the store is open.
    fn record_ended_later(&self) {
        if self.0.sessions.recording.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::warn!("a sign-out could not be recorded; it holds in this process and is tried again");
        let store = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(RECORD_AGAIN).await;
                let Some(store) = store.upgrade().map(Store) else { return };
                let left: Vec<_> = lock(&store.0.sessions.ended).iter().cloned().collect();
                if let Err(error) = store.record_ended(left).await {
                    tracing::debug!(%error, "sign-outs are not recorded yet");
                    continue;
                }
                store.0.sessions.recording.store(false, Ordering::Release);
                // One that failed just before that left it to this task.
                if lock(&store.0.sessions.ended).is_empty() || store.0.sessions.recording.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
        });
    }
}

/// Opens one that lives for `life` milliseconds unused, and answers with its token.
pub(super) fn open(transaction: &Transaction, user: i64, now: Timestamp, life: i64) -> Result<String, StoreError> {
    let token = secrets::token()?;
    transaction.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        (secrets::hash(&token), user, now.0, now.0 + life.min(SESSION_LONGEST)),
    )?;
    Ok(token)
}

fn is_alive(expires: Timestamp, now: Timestamp) -> bool {
    // No session lives so long: it was opened while the machine's clock was far ahead.
    expires > now && expires.0 <= now.0.saturating_add(SESSION_LONGEST + DAY)
}

/// Whose it is, since when and until when.
fn find(transaction: &Transaction, hash: &str) -> Result<Option<(Caller, Timestamp, Timestamp)>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT u.id, u.name, u.role, s.created_at, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = ?1",
    )?;
    let found = statement.query_row([hash], |row| Ok((caller(row)?, Timestamp(row.get(3)?), Timestamp(row.get(4)?))));
    Ok(found.optional()?)
}

fn lock(hashes: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    hashes.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
impl Store {
    /// Waits until no extension is under way.
    pub(super) async fn extended(&self) {
        while !lock(&self.0.sessions.extending).is_empty() {
            tokio::task::yield_now().await;
        }
    }
}
