//! The audit: who did what, when and why. Entries are only added, in the transaction of the action that they record.

use app::model::{ActivityFilter, ActivityPage, Caller, Timestamp};
use krt::lifecycle::Status;
use krt::roles::{Permission, may};
use rusqlite::Transaction;

use super::{Store, StoreError};

mod search;

/// The name of the system in the audit.
pub const SYSTEM: &str = "system";

/// Entries on one page: a few screens, read in a few milliseconds.
pub const ACTIVITY_PAGE: usize = 50;

/// A new entry, which has no number yet.
#[derive(Default)]
pub(super) struct Entry<'a> {
    /// `None`: the system itself.
    pub(super) caller: Option<&'a Caller>,
    pub(super) kind: &'a str,
    pub(super) runtime: Option<&'a str>,
    /// Uid and name.
    pub(super) version: Option<(&'a str, &'a str)>,
    pub(super) from: Option<Status>,
    pub(super) to: Option<Status>,
    pub(super) reason: &'a str,
    pub(super) cause: Option<i64>,
}

/// Adds the entry and returns its number.
pub(super) fn write(transaction: &Transaction, entry: &Entry, now: Timestamp) -> Result<i64, StoreError> {
    let id = transaction
        .prepare_cached(
            "INSERT INTO audit (at, who, actor, kind, runtime, version, version_uid, from_status, to_status, reason, cause)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
        )?
        .query_row(
            (
                now.0,
                entry.caller.map_or(SYSTEM, |caller| caller.name.as_str()),
                entry.caller.map(|caller| caller.id),
                entry.kind,
                entry.runtime,
                entry.version.map(|(_, name)| name),
                entry.version.map(|(uid, _)| uid),
                entry.from.map(Status::as_str),
                entry.to.map(Status::as_str),
                entry.reason,
                entry.cause,
            ),
            |row| row.get(0),
        )?;
    Ok(id)
}

impl Store {
    /// A page of the audit, newest first; callers who may not see all activity get only their own entries.
    pub async fn activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, StoreError> {
        let own = (!may(caller.role, Permission::ReadAllActivity)).then(|| caller.clone());
        self.read(move |_, transaction| search::page(transaction, own.as_ref(), filter)).await
    }

    /// When a version was last started and last published, and by whom: the person who took the action, not the system
    /// that recorded its completion.
    pub async fn last_brought(
        &self,
        uid: &str,
    ) -> Result<(Option<(Timestamp, String)>, Option<(Timestamp, String)>), StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| {
            Ok((
                brought(transaction, &uid, "ready", Status::Started)?,
                brought(transaction, &uid, "switched", Status::Published)?,
            ))
        })
        .await
    }
}

fn brought(
    transaction: &Transaction,
    uid: &str,
    kind: &str,
    to: Status,
) -> Result<Option<(Timestamp, String)>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "SELECT seen.at, COALESCE(asked.who, seen.who) FROM audit AS seen LEFT JOIN audit AS asked ON asked.id = seen.cause
         WHERE seen.version_uid = ?1 AND seen.kind = ?2 AND seen.to_status = ?3 ORDER BY seen.id DESC LIMIT 1",
    )?;
    let mut found = statement.query_map((uid, kind, to.as_str()), |row| Ok((Timestamp(row.get(0)?), row.get(1)?)))?;
    Ok(found.next().transpose()?)
}
