//! Runtimes: created once, never renamed.

use std::collections::HashMap;

use app::model::{Caller, NewRuntime, Timestamp};
use rusqlite::{OptionalExtension, Row, Transaction};

use super::audit::{self, Entry};
use super::forms::{self, FormReused, Sending};
use super::{RuntimeCounts, RuntimeRow, Store, StoreError};
use crate::changes::Change;

#[derive(Debug, thiserror::Error)]
pub enum CreateRuntimeError {
    /// The fields (`id`, `name`, `namespace`) whose value another runtime has.
    #[error("another runtime has this {}", .0.join(", "))]
    Taken(Vec<&'static str>),
    #[error(transparent)]
    FormReused(#[from] FormReused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

const COLUMNS: &str = "SELECT r.id, r.name, r.description, r.namespace, r.created_at, r.created_by,
     r.published, (SELECT v.name FROM versions v WHERE v.uid = r.published),
     r.publishing, (SELECT v.name FROM versions v WHERE v.uid = r.publishing)
     FROM runtimes r";

impl Store {
    /// All runtimes, by name.
    pub async fn runtimes(&self) -> Result<Vec<RuntimeRow>, StoreError> {
        self.read(|_, transaction| {
            let mut statement = transaction.prepare_cached(&format!("{COLUMNS} ORDER BY r.name_key"))?;
            let runtimes = statement.query_map([], runtime)?;
            Ok(runtimes.collect::<Result<_, _>>()?)
        })
        .await
    }

    pub async fn runtime(&self, id: &str) -> Result<Option<RuntimeRow>, StoreError> {
        let id = id.to_owned();
        self.read(move |_, transaction| find(transaction, &id)).await
    }

    /// How many versions each runtime has, by its ID; a runtime without any is not in it.
    pub async fn counts(&self) -> Result<HashMap<String, RuntimeCounts>, StoreError> {
        self.read(|_, transaction| {
            // The started, the publishing and the published are those that are settled so and not wished away.
            let mut statement = transaction.prepare_cached(
                "SELECT runtime, SUM(wish = 'archived'), SUM(wish <> 'archived'),
                 SUM(settled IN ('started', 'published') AND wish <> 'stopped') FROM versions GROUP BY runtime",
            )?;
            let counts = statement.query_map([], |row| {
                Ok((row.get(0)?, RuntimeCounts { archived: row.get(1)?, present: row.get(2)?, running: row.get(3)? }))
            })?;
            Ok(counts.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Creates a runtime from checked fields and answers with its ID.
    pub async fn create_runtime(&self, caller: &Caller, new: NewRuntime) -> Result<String, CreateRuntimeError> {
        let caller = caller.clone();
        let now = self.now();
        self.write(move |_, transaction, changes| {
            let fields = [&*new.id, &new.name, &new.description, &new.namespace];
            let sending = Sending::new(&caller, &new.form, format!("create-runtime {}", new.id), &fields);
            if let Some(before) = forms::answer(transaction, &sending)? {
                return Ok(before?);
            }
            let taken = taken(transaction, &new)?;
            if !taken.is_empty() {
                return Err(CreateRuntimeError::Taken(taken));
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
            forms::remember(transaction, &sending, &new.id, now)?;
            changes.push(Change::RuntimeList);
            changes.push(Change::Runtime(new.id.clone()));
            Ok(new.id)
        })
        .await
    }
}

pub(super) fn find(transaction: &Transaction, id: &str) -> Result<Option<RuntimeRow>, StoreError> {
    let mut statement = transaction.prepare_cached(&format!("{COLUMNS} WHERE r.id = ?1"))?;
    Ok(statement.query_row([id], runtime).optional()?)
}

fn runtime(row: &Row) -> rusqlite::Result<RuntimeRow> {
    Ok(RuntimeRow {
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

/// Which of the new runtime's names another one has.
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

/// The name as it is compared: nobody tells "Demo" from "demo" or from "Demo ".
fn key(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}
