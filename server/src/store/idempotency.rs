//! Forms that were sent: the same form sent twice does its work once, and answers twice. A form's ID stands for all that
//! was sent with it: with anything else it is another form, and refused.

use app::model::{Caller, Timestamp};
use rusqlite::{OptionalExtension, Transaction};
use sha2::{Digest, Sha256};

use super::{StoreError, secrets};

/// How long a sent form is remembered, in milliseconds: a page left open over a weekend is not sent twice by accident
/// after it.
const REMEMBERED: i64 = 3 * 24 * 60 * 60 * 1000;

/// The ID of a form came back with other content than it was used for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this form was already sent with other content")]
pub struct KeyReused;

/// One sending of a form: whose, which, and what it asks for.
pub(super) struct Sending {
    user: i64,
    idempotency_key: String,
    /// What is done to what: all that was remembered of a form before its content was, and is of such a form still.
    work: String,
    /// SHA-256 of everything that was sent.
    digest: String,
}

impl Sending {
    /// `fields`: everything that was sent, in an order of the form's own; a file by its name and its SHA-256.
    pub(super) fn new(caller: &Caller, form: &str, work: String, fields: &[&str]) -> Sending {
        let mut digest = Sha256::new();
        for field in fields {
            // With its length before it, so that no two lists of fields read the same.
            digest.update((field.len() as u64).to_le_bytes());
            digest.update(field);
        }
        Sending { user: caller.id, idempotency_key: form.to_owned(), work, digest: secrets::hex(&digest.finalize()) }
    }

    fn whole(&self) -> String {
        format!("{} {}", self.work, self.digest)
    }
}

/// What the form answered when it was sent before. A form without an ID was never sent before.
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

/// Remembers the answer, and forgets old ones.
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
