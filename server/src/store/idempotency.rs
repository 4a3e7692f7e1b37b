//! Idempotency keys: a form that is sent twice does its work once, and gets the same answer twice. A key stands for
//! everything that was sent with it: the same key with other content is refused.

use app::model::{Caller, Timestamp};
use rusqlite::{OptionalExtension, Transaction};
use sha2::{Digest, Sha256};

use super::StoreError;

/// How long a key is remembered, in milliseconds: long enough for a page that was left open over a weekend.
const REMEMBERED: i64 = 3 * 24 * 60 * 60 * 1000;

/// A key was sent again with different content.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this form was already submitted with different content")]
pub struct KeyReused;

/// One submission of a form: the user, the key, and what is requested.
pub(super) struct Sending {
    user: i64,
    idempotency_key: String,
    /// The action and its object. Rows of older versions of this program contain only this, without the digest.
    work: String,
    /// SHA-256 of everything that was sent.
    digest: String,
}

impl Sending {
    /// `fields`: everything that was sent, in a fixed order; a file by its name and its SHA-256.
    pub(super) fn new(caller: &Caller, form: &str, work: String, fields: &[&str]) -> Sending {
        let mut digest = Sha256::new();
        for field in fields {
            // Prefixed with its length, so that no two lists of fields have the same digest.
            digest.update((field.len() as u64).to_le_bytes());
            digest.update(field);
        }
        Sending { user: caller.id, idempotency_key: form.to_owned(), work, digest: hex::encode(digest.finalize()) }
    }

    fn whole(&self) -> String {
        format!("{} {}", self.work, self.digest)
    }
}

/// The stored answer to an earlier submission with this key; `None` without one, and for an empty key.
pub(super) fn answer(
    transaction: &Transaction,
    sending: &Sending,
) -> Result<Option<Result<String, KeyReused>>, StoreError> {
    if sending.idempotency_key.is_empty() {
        return Ok(None);
    }
    let found: Option<(String, String)> = transaction
        .prepare_cached("SELECT work, result FROM forms WHERE user_id = ?1 AND id = ?2")?
        .query_row((sending.user, &sending.idempotency_key), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(work, result)| {
        let is_same = work == sending.whole() || work == sending.work;
        if is_same { Ok(result) } else { Err(KeyReused) }
    }))
}

/// Stores the answer, and deletes old ones.
pub(super) fn remember(
    transaction: &Transaction,
    sending: &Sending,
    result: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if sending.idempotency_key.is_empty() {
        return Ok(());
    }
    transaction.prepare_cached("DELETE FROM forms WHERE at < ?1")?.execute([now.0 - REMEMBERED])?;
    transaction
        .prepare_cached("INSERT INTO forms (user_id, id, work, result, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((sending.user, &sending.idempotency_key, sending.whole(), result, now.0))?;
    Ok(())
}
