//! Forms that were sent: the same form sent twice does its work once, and answers twice.

use app::model::{Caller, Timestamp};
use rusqlite::{OptionalExtension, Transaction};

use super::StoreError;

/// How long a sent form is remembered, in milliseconds: a page left open over a weekend is not sent twice by accident
/// after it.
const REMEMBERED: i64 = 3 * 24 * 60 * 60 * 1000;

/// The ID of a form came back with other work than it was used for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this form was sent before, for something else; open it again")]
pub struct FormReused;

/// One sending of a form: whose, which, and what it asks for (without what may be typed differently a second time).
pub(super) struct Sending {
    pub(super) user: i64,
    pub(super) form: String,
    pub(super) work: String,
}

impl Sending {
    pub(super) fn new(caller: &Caller, form: &str, work: String) -> Sending {
        Sending { user: caller.id, form: form.to_owned(), work }
    }
}

/// What the form answered when it was sent before. A form without an ID was never sent before.
pub(super) fn answer(
    transaction: &Transaction,
    sending: &Sending,
) -> Result<Option<Result<String, FormReused>>, StoreError> {
    if sending.form.is_empty() {
        return Ok(None);
    }
    let found: Option<(String, String)> = transaction
        .prepare_cached("SELECT work, result FROM forms WHERE user_id = ?1 AND id = ?2")?
        .query_row((sending.user, &sending.form), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.map(|(work, result)| if work == sending.work { Ok(result) } else { Err(FormReused) }))
}

/// Remembers the answer, and forgets old ones.
pub(super) fn remember(
    transaction: &Transaction,
    sending: &Sending,
    result: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if sending.form.is_empty() {
        return Ok(());
    }
    transaction.prepare_cached("DELETE FROM forms WHERE at < ?1")?.execute([now.0 - REMEMBERED])?;
    transaction
        .prepare_cached("INSERT INTO forms (user_id, id, work, result, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((sending.user, &sending.form, &sending.work, result, now.0))?;
    Ok(())
}
