//! Sessions: found by their token, extended by use, ended by their owner. Requests only read; extensions and sign-outs
//! are written in the background, and a failed write neither rejects a signed-in user nor revives an ended session.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::model::{Caller, Timestamp};
use krt::roles::Role;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Store, StoreError, secrets};

/// In milliseconds.
pub(super) const MINUTE: i64 = 60 * 1000;
/// In milliseconds.
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

/// How long a session lives without use by default, in milliseconds: a week, so that daily users stay signed in.
pub const SESSION_LIFE: i64 = 7 * DAY;

/// The longest life of a session, in milliseconds, however often it is used: 30 days.
pub const SESSION_LONGEST: i64 = 30 * DAY;

/// A session is extended when at least this much of its life, in milliseconds, is used up (a tenth of a short life), so
/// that pages cause a write once an hour, not every time.
const EXTEND_AFTER: i64 = 60 * MINUTE;

/// Extensions at the same time. One beyond the limit is left to the session's next request.
const EXTENSIONS: usize = 16;

/// The pause before recording failed sign-outs again.
const RECORD_AGAIN: Duration = Duration::from_secs(5);

/// The state of sessions outside of the database, by the hash of their token.
#[derive(Default)]
pub(super) struct Sessions {
    /// Sessions being extended now.
    extending: Mutex<HashSet<String>>,
    /// Whether the last extension failed, so that many failures of one cause are logged once.
    extension_failed: AtomicBool,
    /// Signed out, but perhaps not recorded yet. Only live sessions can be signed out, so that these are never more
    /// than the sessions in the database.
    ended: Mutex<HashSet<String>>,
    /// Whether a task is about to record them.
    recording: AtomicBool,
}

impl Store {
    /// Returns whose session this is, if it is live; extends it to `life` milliseconds from now.
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

    /// Whether this session is live; does not extend it.
    pub async fn is_live_session(&self, token: &str) -> Result<bool, StoreError> {
        let hash = secrets::hash(token);
        if lock(&self.0.sessions.ended).contains(&hash) {
            return Ok(false);
        }
        let now = self.judged_now();
        let found = self.read(move |_, transaction| find(transaction, &hash)).await?;
        Ok(found.is_some_and(|(_, _, expires)| is_alive(expires, now)))
    }

    /// Extends a session in the background, unless an extension of it is in progress.
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
                Err(error) if failed_before => tracing::debug!(%error, "could not extend a session"),
                Err(error) => tracing::warn!(%error, "could not extend a session; its next use retries"),
            }
            lock(&store.0.sessions.extending).remove(&hash);
        });
    }

    async fn extend(&self, hash: String, until: i64) -> Result<(), StoreError> {
        let now = self.judged_now();
        self.write(move |_, transaction, _| {
            // The session may have ended meanwhile.
            transaction
                .prepare_cached(
                    "UPDATE sessions SET expires_at = ?2 WHERE token_hash = ?1 AND expires_at < ?2 AND expires_at > ?3",
                )?
                .execute((hash, until, now.0))?;
            Ok(())
        })
        .await
    }

    /// Ends a session; succeeds if it does not exist. The session is refused from this call on, whether the future is
    /// awaited or not.
    ///
    /// # Errors
    /// When the end could not be recorded. Recording is retried until it succeeds; a restart before that would revive
    /// the session.
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

    /// Starts a task, unless one runs, that retries recording sign-outs while the store is open.
    fn record_ended_later(&self) {
        if self.0.sessions.recording.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::warn!("could not record a sign-out; it is effective in this process, and recording it is retried");
        let store = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(RECORD_AGAIN).await;
                let Some(store) = store.upgrade().map(Store) else { return };
                let left: Vec<_> = lock(&store.0.sessions.ended).iter().cloned().collect();
                if let Err(error) = store.record_ended(left).await {
                    tracing::debug!(%error, "could not record sign-outs yet");
                    continue;
                }
                store.0.sessions.recording.store(false, Ordering::Release);
                // A sign-out that failed just before was left to this task.
                if lock(&store.0.sessions.ended).is_empty() || store.0.sessions.recording.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
        });
    }
}

/// Opens a session that lives for `life` milliseconds without use, and returns its token.
pub(super) fn open(transaction: &Transaction, user: i64, now: Timestamp, life: i64) -> Result<String, StoreError> {
    let token = secrets::token()?;
    transaction.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        (secrets::hash(&token), user, now.0, now.0 + life.min(SESSION_LONGEST)),
    )?;
    Ok(token)
}

fn is_alive(expires: Timestamp, now: Timestamp) -> bool {
    // No session lives this long: it was opened while the machine's clock was far ahead.
    expires > now && expires.0 <= now.0.saturating_add(SESSION_LONGEST + DAY)
}

/// The owner of a session, and when it was created and expires.
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
    /// Waits until no extension is in progress.
    pub(super) async fn extended(&self) {
        while !lock(&self.0.sessions.extending).is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

/// A caller from a row that begins with ID, name and role of a user.
pub(super) fn caller(row: &Row) -> rusqlite::Result<Caller> {
    let role: String = row.get(2)?;
    // The schema allows no other names; should a later schema do so, the weakest role is the safe choice.
    let role = Role::parse(&role).unwrap_or(Role::Viewer);
    Ok(Caller { id: row.get(0)?, name: row.get(1)?, role })
}
