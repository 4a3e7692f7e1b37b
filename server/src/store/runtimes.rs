//! Runtimes: created once, never renamed.

use app::model::{Caller, NewRuntime, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction};

use super::audit::{self, Entry};
use super::idempotency::{self, KeyReused, Sending};
use super::versions::reading;
use super::{Inner, Store, StoreError};
use crate::changes::Change;
use crate::state::{Runtime, RuntimeCounts, Version};

#[derive(Debug, thiserror::Error)]
pub enum CreateRuntimeError {
    /// The fields (`id`, `name`, `namespace`) whose values another runtime has.
    #[error("another runtime already uses this {}", .0.join(", "))]
    Taken(Vec<&'static str>),
    /// The name of the runtime whose name looks the same.
    #[error("the name looks like {0}")]
    LooksLike(String),
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

const COLUMNS: &str = "SELECT r.id, r.name, r.description, r.namespace, r.created_at, r.created_by,
     r.published, (SELECT v.name FROM versions v WHERE v.uid = r.published),
     r.publishing, (SELECT v.name FROM versions v WHERE v.uid = r.publishing)
     FROM runtimes r";

impl Store {
    /// All runtimes, by name.
    pub async fn runtimes(&self) -> Result<Vec<Runtime>, StoreError> {
        self.read(|_, transaction| {
            let mut statement = transaction.prepare_cached(&format!("{COLUMNS} ORDER BY r.name_key"))?;
            let runtimes = statement.query_map([], runtime)?;
            Ok(runtimes.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn runtime(&self, id: &str) -> Result<Option<Runtime>, StoreError> {
        let id = id.to_owned();
        self.read(move |_, transaction| find(transaction, &id)).await
    }

    /// At most `most` runtimes by name, after the one with the ID `after`, each with its counts; the number of all
    /// runtimes; and whether more follow. `is_unhealthy`: whether a running version needs attention.
    pub async fn list_runtimes(
        &self,
        after: &str,
        most: u32,
        is_unhealthy: impl Fn(&Runtime, &Version) -> bool + Send + 'static,
    ) -> Result<(Vec<(Runtime, RuntimeCounts)>, u32, bool), StoreError> {
        let after = after.to_owned();
        self.read(move |inner, transaction| {
            let mut statement = transaction.prepare_cached(&format!(
                "{COLUMNS} WHERE r.name_key > COALESCE((SELECT name_key FROM runtimes WHERE id = ?1), '')
                 ORDER BY r.name_key LIMIT ?2"
            ))?;
            let rows = statement.query_map((after, most + 1), runtime)?;
            let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
            let is_more = rows.len() > most as usize;
            rows.truncate(most as usize);
            let counted = rows.into_iter().map(|row| {
                let counts = counts(inner, transaction, &row, &is_unhealthy)?;
                Ok((row, counts))
            });
            let counted = counted.collect::<Result<_, StoreError>>()?;
            let total = transaction.query_row("SELECT COUNT(*) FROM runtimes", [], |row| row.get(0))?;
            Ok((counted, total, is_more))
        })
        .await
    }

    /// The counts of one runtime.
    pub async fn counts(
        &self,
        runtime: &Runtime,
        is_unhealthy: impl Fn(&Runtime, &Version) -> bool + Send + 'static,
    ) -> Result<RuntimeCounts, StoreError> {
        let runtime = runtime.clone();
        self.read(move |inner, transaction| counts(inner, transaction, &runtime, &is_unhealthy)).await
    }

    /// Creates a runtime from checked fields and returns its ID.
    pub async fn create_runtime(&self, caller: &Caller, new: NewRuntime) -> Result<String, CreateRuntimeError> {
        let caller = caller.clone();
        let now = self.now();
        self.write(move |_, transaction, changes| {
            let fields = [&*new.id, &new.name, &new.description, &new.namespace];
            let sending = Sending::new(&caller, &new.idempotency_key, format!("create-runtime {}", new.id), &fields);
            if let Some(before) = idempotency::answer(transaction, &sending)? {
                return Ok(before?);
            }
            let taken = taken(transaction, &new)?;
            if !taken.is_empty() {
                return Err(CreateRuntimeError::Taken(taken));
            }
            if let Some(other) = looks_like(transaction, &new.name)? {
                return Err(CreateRuntimeError::LooksLike(other));
            }
            transaction
                .execute(
                    "INSERT INTO runtimes (id, name, name_key, description, namespace, created_at, created_by)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    (&new.id, &new.name, key(&new.name), &new.description, &new.namespace, now.0, &caller.name),
                )
                .map_err(StoreError::from)?;
            let entry = Entry {
                caller: Some(&caller),
                kind: "create-runtime",
                runtime: Some(&new.id),
                reason: "",
                ..Entry::default()
            };
            audit::write(transaction, &entry, now)?;
            idempotency::remember(transaction, &sending, &new.id, now)?;
            changes.push(Change::RuntimeList);
            changes.push(Change::Runtime(new.id.clone()));
            Ok(new.id)
        })
        .await
    }
}

/// Counts by indexes, except for failed versions; holds one running version in memory at a time.
fn counts(
    inner: &Inner,
    transaction: &Transaction,
    runtime: &Runtime,
    is_unhealthy: &dyn Fn(&Runtime, &Version) -> bool,
) -> Result<RuntimeCounts, StoreError> {
    // Running (started, publishing or published): recorded as started or published, and not to be stopped.
    let mut statement = transaction.prepare_cached(
        "SELECT COALESCE(SUM(wish = 'archived'), 0), COALESCE(SUM(wish <> 'archived'), 0),
         COALESCE(SUM(settled IN ('started', 'published') AND wish <> 'stopped'), 0) FROM versions WHERE runtime = ?1",
    )?;
    let mut counts = statement.query_row([&runtime.id], |row| {
        Ok(RuntimeCounts { archived: row.get(0)?, present: row.get(1)?, running: row.get(2)?, unhealthy: 0 })
    })?;
    let mut statement = transaction.prepare_cached(
        "SELECT COUNT(*) FROM versions WHERE runtime = ?1 AND wish <> 'archived' AND failure_json IS NOT NULL",
    )?;
    counts.unhealthy = statement.query_row([&runtime.id], |row| row.get(0))?;
    if counts.running > 0 {
        let which = "WHERE v.runtime = ?1 AND v.settled IN ('started', 'published') AND v.wish <> 'stopped'
             AND v.failure_json IS NULL";
        reading::each(inner, transaction, which, [&runtime.id], |version| {
            counts.unhealthy += u32::from(is_unhealthy(runtime, &version));
        })?;
    }
    Ok(counts)
}

pub(super) fn find(transaction: &Transaction, id: &str) -> Result<Option<Runtime>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("{COLUMNS} WHERE r.id = ?1"))?;
    Ok(statement.query_row([id], runtime).optional()?)
}

fn runtime(row: &Row) -> rusqlite::Result<Runtime> {
    Ok(Runtime {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        namespace: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        created_by: row.get(5)?,
        published: row.get(6)?,
        published_name: row.get(7)?,
        publishing: row.get(8)?,
        publishing_name: row.get(9)?,
    })
}

/// The fields of the new runtime whose values another runtime has.
fn taken(transaction: &Transaction, new: &NewRuntime) -> Result<Vec<&'static str>, StoreError> {
    let name = key(&new.name);
    let wanted = [("id", "id", &new.id), ("name", "name_key", &name), ("namespace", "namespace", &new.namespace)];
    let mut taken = Vec::new();
    for (field, column, value) in wanted {
        let mut statement = transaction.prepare_cached(&format!("SELECT 1 FROM runtimes WHERE {column} = ?1"))?;
        if statement.exists([value])? {
            taken.push(field);
        }
    }
    Ok(taken)
}

/// The name of a runtime that looks the same as this one. Compares all names: there are few, and they rarely change.
fn looks_like(transaction: &Transaction, name: &str) -> Result<Option<String>, StoreError> {
    // UTS #39: equal for texts that look the same, whatever characters they consist of.
    let look = |key: &str| unicode_security::skeleton(key).collect::<String>();
    let wanted = look(&key(name));
    let mut statement = transaction.prepare_cached("SELECT name, name_key FROM runtimes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if look(&row.get::<_, String>(1)?) == wanted {
            return Ok(Some(row.get(0)?));
        }
    }
    Ok(None)
}

/// The normalized name for comparisons: "Demo", "demo" and "Demo " are the same.
fn key(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
