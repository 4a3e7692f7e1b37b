//! A page of the audit. Its cost depends on the page size, not on how many entries exist or how few of them match: each
//! set of person, runtime and version has an index that also contains the kind and ends with the entry's number. With a
//! kind, a page is read from that index; without one, the newest entries of each kind are read and merged.

use app::model::{ActivityEntry, ActivityFilter, ActivityPage, Caller, Timestamp};
use krt::lifecycle::Status;
use rusqlite::{OptionalExtension, Row, Transaction, params_from_iter};

use super::super::StoreError;
use super::ACTIVITY_PAGE;

/// The most values in one list of the filter: more than people look through.
const CHOICES: usize = 1_000;

/// The page for this filter; only entries of `own`, if given.
pub(super) fn page(
    transaction: &Transaction,
    own: Option<&Caller>,
    filter: ActivityFilter,
) -> Result<ActivityPage, StoreError> {
    let wanted = Wanted::of(own, &filter);
    let mut ids = match &wanted {
        Some(wanted) => newest(transaction, wanted)?,
        None => Vec::new(),
    };
    // One entry more than a page was read, to know whether a next page exists.
    let next = (ids.len() > ACTIVITY_PAGE).then(|| ids[ACTIVITY_PAGE - 1]);
    ids.truncate(ACTIVITY_PAGE);
    let mut entries = Vec::with_capacity(ids.len());
    for id in ids {
        entries.extend(entry_of(transaction, id, own)?);
    }
    let person = own.map(|own| own.name.as_str());
    Ok(ActivityPage {
        entries,
        next,
        people: offered(people(transaction, person)?, &filter.person),
        kinds: offered(kinds(transaction, person)?, &filter.kind),
        runtimes: offered(runtimes(transaction, person)?, &filter.runtime),
        own_only: own.is_some(),
    })
}

/// The conditions of a search.
struct Wanted<'a> {
    /// Columns and their values, in the order of the index names.
    columns: Vec<(&'static str, &'a str)>,
    kind: Option<&'a str>,
    before: i64,
}

impl<'a> Wanted<'a> {
    /// `None`: no entry can match. User names are unique and never change, so that a person's own entries are those
    /// with their name.
    fn of(own: Option<&'a Caller>, filter: &'a ActivityFilter) -> Option<Wanted<'a>> {
        let mut person = said(&filter.person);
        if let Some(own) = own {
            if person.is_some_and(|person| person != own.name) {
                return None;
            }
            person = Some(&own.name);
        }
        let columns = [("who", person), ("runtime", said(&filter.runtime)), ("version", said(&filter.version))];
        Some(Wanted {
            columns: columns.into_iter().filter_map(|(column, value)| Some((column, value?))).collect(),
            kind: said(&filter.kind),
            before: filter.before.unwrap_or(i64::MAX),
        })
    }
}

/// The value of a field; `None` if empty, since forms also send empty fields.
fn said(field: &Option<String>) -> Option<&str> {
    field.as_deref().filter(|value| !value.is_empty())
}

/// The numbers of the newest matching entries, one more than a page.
fn newest(transaction: &Transaction, wanted: &Wanted) -> Result<Vec<i64>, StoreError> {
    if wanted.columns.is_empty() && wanted.kind.is_none() {
        let mut statement = transaction.prepare_cached(&statement_of(&[]))?;
        return Ok(statement.query_map([wanted.before], |row| row.get(0))?.collect::<Result<_, _>>()?);
    }
    let names: Vec<_> = wanted.columns.iter().map(|(column, _)| *column).chain(["kind"]).collect();
    let mut statement = transaction.prepare_cached(&statement_of(&names))?;
    let all;
    let kinds = match wanted.kind {
        Some(kind) => &[kind.to_owned()][..],
        None => {
            all = kinds(transaction, None)?;
            &all
        }
    };
    let mut ids: Vec<i64> = Vec::new();
    for kind in kinds {
        let mut values: Vec<&dyn rusqlite::ToSql> = vec![&wanted.before];
        values.extend(wanted.columns.iter().map(|(_, value)| value as &dyn rusqlite::ToSql));
        values.push(kind);
        for id in statement.query_map(params_from_iter(values), |row| row.get(0))? {
            ids.push(id?);
        }
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    ids.truncate(ACTIVITY_PAGE + 1);
    Ok(ids)
}

/// The SQL that reads the newest numbers from the index of these columns; from the table itself without columns.
fn statement_of(columns: &[&str]) -> String {
    let (mut index, mut conditions) = (String::new(), String::new());
    for (number, column) in (2..).zip(columns) {
        index += if index.is_empty() { "INDEXED BY audit_by_" } else { "_" };
        index += column;
        conditions += &format!(" AND {column} = ?{number}");
    }
    format!("SELECT id FROM audit {index} WHERE id < ?1{conditions} ORDER BY id DESC LIMIT {}", ACTIVITY_PAGE + 1)
}

const ENTRY: &str = "SELECT id, at, who, kind, runtime, version, from_status, to_status, reason, cause, actor
     FROM audit WHERE id = ?1";

/// The entry with this number, if `own` may see it.
fn entry_of(transaction: &Transaction, id: i64, own: Option<&Caller>) -> Result<Option<ActivityEntry>, StoreError> {
    let mut statement = transaction.prepare_cached(ENTRY)?;
    let found = statement.query_row([id], |row| Ok((row.get::<_, Option<i64>>(10)?, entry(row)?))).optional()?;
    // A user with the system's name would find the system's entries by it.
    Ok(found.filter(|(actor, _)| own.is_none_or(|own| *actor == Some(own.id))).map(|(_, entry)| entry))
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

/// Adds the chosen value to a truncated list of choices.
fn offered(mut values: Vec<String>, chosen: &Option<String>) -> Vec<String> {
    if values.len() >= CHOICES
        && let Some(chosen) = said(chosen)
        && let Err(place) = values.binary_search_by(|value| value.as_str().cmp(chosen))
    {
        values.insert(place, chosen.to_owned());
    }
    values
}

/// The people who have entries.
fn people(transaction: &Transaction, own: Option<&str>) -> Result<Vec<String>, StoreError> {
    match own {
        None => values(transaction, &skip_scan("audit_by_who_kind", "who", None), None),
        Some(name) => {
            let mut statement = transaction
                .prepare_cached("SELECT 1 FROM audit INDEXED BY audit_by_who_kind WHERE who = ?1 LIMIT 1")?;
            Ok(if statement.exists([name])? { vec![name.to_owned()] } else { Vec::new() })
        }
    }
}

fn kinds(transaction: &Transaction, own: Option<&str>) -> Result<Vec<String>, StoreError> {
    let (index, within) = match own {
        None => ("audit_by_kind", None),
        Some(_) => ("audit_by_who_kind", Some("who")),
    };
    values(transaction, &skip_scan(index, "kind", within), own)
}

fn runtimes(transaction: &Transaction, own: Option<&str>) -> Result<Vec<String>, StoreError> {
    let (index, within) = match own {
        None => ("audit_by_runtime_kind", None),
        Some(_) => ("audit_by_who_runtime_kind", Some("who")),
    };
    values(transaction, &skip_scan(index, "runtime", within), own)
}

fn values(transaction: &Transaction, sql: &str, within: Option<&str>) -> Result<Vec<String>, StoreError> {
    let mut statement = transaction.prepare_cached(sql)?;
    let found = statement.query_map(params_from_iter(within), |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The SQL that lists the distinct values of an index's column, each found by one index lookup from the previous one.
/// `within`: the index's first column, whose value is given.
fn skip_scan(index: &str, column: &str, within: Option<&str>) -> String {
    let within = within.map(|within| format!("{within} = ?1 AND ")).unwrap_or_default();
    let least = |above: &str| {
        format!(
            "(SELECT {column} FROM audit INDEXED BY {index} WHERE {within}{column} > {above} ORDER BY {column} LIMIT 1)"
        )
    };
    format!(
        "WITH RECURSIVE found (value) AS (
             SELECT {} UNION ALL SELECT {} FROM found WHERE value IS NOT NULL
         ) SELECT value FROM found WHERE value IS NOT NULL LIMIT {CHOICES}",
        least("''"),
        least("found.value"),
    )
}

#[cfg(test)]
mod tests;
