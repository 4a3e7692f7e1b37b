//! Configuration values: declared by a version's manifest, and set by people before a start.

use app::model::{Caller, ConfigurationKind};
use krt::lifecycle::configuration_locked;
use rusqlite::Transaction;

use super::audit::{self, Entry};
use super::{Store, StoreError, versions};
use crate::changes::Change;
use crate::state::{ConfigurationValue, Version};

#[derive(Debug, thiserror::Error)]
pub enum SetConfigurationError {
    #[error("the version does not exist")]
    NotFound,
    /// The reason, as shown on the page.
    #[error("{0}")]
    Locked(String),
    /// The manifest does not declare a variable or file of this name.
    #[error("the manifest does not declare {0}")]
    Undeclared(String),
    /// `size`: bytes of all names and values together, including these.
    #[error("all values together: {size} bytes; the limit is {limit}")]
    TooLarge { size: usize, limit: usize },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The set values, by name.
    pub async fn configuration_values(&self, uid: &str) -> Result<Vec<ConfigurationValue>, StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| values(transaction, &uid)).await
    }

    /// Sets the named values and keeps the others. `limit`: maximum bytes of all names and values together.
    pub async fn set_configuration(
        &self,
        caller: &Caller,
        uid: &str,
        new: Vec<(String, String)>,
        limit: usize,
    ) -> Result<(), SetConfigurationError> {
        let (caller, uid, now) = (caller.clone(), uid.to_owned(), self.now());
        self.write(move |inner, transaction, changes| {
            let version = versions::find_by_uid(inner, transaction, &uid)?.ok_or(SetConfigurationError::NotFound)?;
            if let Some(why) = configuration_locked(version.status()) {
                return Err(SetConfigurationError::Locked(why.to_owned()));
            }
            let old = values(transaction, &uid)?;
            let changed = changed(&version, &old, new)?;
            if changed.is_empty() {
                return Ok(());
            }
            let kept = old.iter().filter(|old| changed.iter().all(|new| new.name != old.name));
            let size = kept.chain(&changed).map(|value| value.name.len() + value.value.len()).sum();
            if size > limit {
                return Err(SetConfigurationError::TooLarge { size, limit });
            }
            for value in &changed {
                write(transaction, &uid, value)?;
            }
            let names: Vec<_> = changed.iter().map(|value| value.name.as_str()).collect();
            let entry = Entry {
                caller: Some(&caller),
                kind: "configure",
                runtime: Some(&version.runtime),
                version: Some((&version.uid, &version.name)),
                reason: &format!("Set {}", names.join(", ")),
                ..Entry::default()
            };
            audit::write(transaction, &entry, now)?;
            changes.push(Change::Runtime(version.runtime));
            Ok(())
        })
        .await
    }
}

/// The new values that differ from the old ones, each with its kind from the manifest.
fn changed(
    version: &Version,
    old: &[ConfigurationValue],
    new: Vec<(String, String)>,
) -> Result<Vec<ConfigurationValue>, SetConfigurationError> {
    let declared = &version.manifest.config;
    let mut changed: Vec<ConfigurationValue> = Vec::new();
    for (name, value) in new {
        let kind = if declared.variables.iter().any(|variable| *variable == *name) {
            ConfigurationKind::Variable
        } else if declared.files.iter().any(|file| *file == *name) {
            ConfigurationKind::File
        } else {
            return Err(SetConfigurationError::Undeclared(name));
        };
        changed.retain(|earlier| earlier.name != name);
        if !old.iter().any(|old| old.name == name && old.value == value) {
            changed.push(ConfigurationValue { name, kind, value });
        }
    }
    Ok(changed)
}

fn write(transaction: &Transaction, uid: &str, value: &ConfigurationValue) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO configuration (version, name, kind, value) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (version, name) DO UPDATE SET kind = excluded.kind, value = excluded.value",
        )?
        .execute((uid, &value.name, kind(value.kind), &value.value))?;
    Ok(())
}

fn values(transaction: &Transaction, uid: &str) -> Result<Vec<ConfigurationValue>, StoreError> {
    let mut statement =
        transaction.prepare_cached("SELECT name, kind, value FROM configuration WHERE version = ?1 ORDER BY name")?;
    let values = statement.query_map([uid], |row| {
        let kind: String = row.get(1)?;
        let kind = if kind == "file" { ConfigurationKind::File } else { ConfigurationKind::Variable };
        Ok(ConfigurationValue { name: row.get(0)?, kind, value: row.get(2)? })
    })?;
    Ok(values.collect::<Result<_, _>>()?)
}

fn kind(kind: ConfigurationKind) -> &'static str {
    match kind {
        ConfigurationKind::Variable => "variable",
        ConfigurationKind::File => "file",
    }
}
