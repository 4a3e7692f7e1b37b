//! Who did what, when and why. Entries are only ever added, in the transaction of what they tell.

use app::model::{ActivityEntry, ActivityFilter, ActivityPage, Caller, Timestamp};
use krt::lifecycle::Status;
use krt::roles::{Permission, may};
use rusqlite::{Row, ToSql, Transaction};

use super::{Store, StoreError};

/// Who the system is in the audit.
pub const SYSTEM: &str = "system";

/// Entries on one page: a few screens, read in a millisecond.
pub const ACTIVITY_PAGE: usize = 50;

/// An entry before it has its number.
#[derive(Default)]
pub(super) struct Entry<'a> {
    /// Nobody: the system itself.
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

/// Adds the entry and answers with its number.
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
    /// A page of the audit, newest first; somebody who may not see all activity gets only the entries of his own.
    pub async fn activity(&self, caller: &Caller, filter: ActivityFilter) -> Result<ActivityPage, StoreError> {
        let own = (!may(caller.role, Permission::ReadAllActivity)).then_some(caller.id);
        self.read(move |_, transaction| {
            let mut entries = page(transaction, own, &filter)?;
            // One more than a page was read, to know whether there is a next one.
            let next = (entries.len() > ACTIVITY_PAGE).then(|| entries[ACTIVITY_PAGE - 1].id);
            entries.truncate(ACTIVITY_PAGE);
            Ok(ActivityPage {
                entries,
                next,
                people: choices(transaction, "who", own)?,
                kinds: choices(transaction, "kind", own)?,
                runtimes: choices(transaction, "runtime", own)?,
                own_only: own.is_some(),
            })
        })
        .await
    }

    /// When and by whom a version was last brought to started and to published: the person whose action it was, not
    /// the system that saw it come true.
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

fn page(
    transaction: &Transaction,
    own: Option<i64>,
    filter: &ActivityFilter,
) -> Result<Vec<ActivityEntry>, StoreError> {
    let mut sql = String::from(
        "SELECT id, at, who, kind, runtime, version, from_status, to_status, reason, cause FROM audit WHERE 1 = 1",
    );
    let mut values: Vec<&dyn ToSql> = Vec::new();
    let mut only = |condition: &str, value| {
        values.push(value);
        sql += &format!(" AND {condition} ?{}", values.len());
    };
    if let Some(own) = &own {
        only("actor =", own);
    }
    let wanted = [
        ("who =", &filter.person),
        ("kind =", &filter.kind),
        ("runtime =", &filter.runtime),
        ("version =", &filter.version),
    ];
    for (condition, value) in wanted {
        // A form sends its empty fields, too.
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            only(condition, value);
        }
    }
    if let Some(before) = &filter.before {
        only("id <", before);
    }
    sql += &format!(" ORDER BY id DESC LIMIT {}", ACTIVITY_PAGE + 1);
    let mut statement = transaction.prepare_cached(&sql)?;
    let entries = statement.query_map(values.as_slice(), entry)?;
    Ok(entries.collect::<Result<_, _>>()?)
}

fn entry(row: &Row) -> rusqlite::Result<ActivityEntry> {
    let status = |name: Option<String>| name.as_deref().and_then(Status::parse);
    Ok(ActivityEntry {
        id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        who: row.get(2)?,
        kind: row.get(3)?,
        runtime: row.get(4)?,
        version: row.get(5)?,
        from: status(row.get(6)?),
        to: status(row.get(7)?),
        reason: row.get(8)?,
        cause: row.get(9)?,
    })
}

/// The different values of one column that the caller may see.
fn choices(transaction: &Transaction, column: &str, own: Option<i64>) -> Result<Vec<String>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!(
        "SELECT DISTINCT {column} FROM audit WHERE {column} IS NOT NULL AND (?1 IS NULL OR actor = ?1) ORDER BY {column}"
    ))?;
    let values = statement.query_map([own], |row| row.get(0))?;
    Ok(values.collect::<Result<_, _>>()?)
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
