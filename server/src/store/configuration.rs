//! Configuration values: what a version's manifest declares, and people fill in before a start.

use std::collections::HashSet;

use app::model::{Caller, ConfigurationKind};
use krt::lifecycle::Status;
use rusqlite::Transaction;

use super::audit::{self, Entry};
use super::{Store, StoreError, VersionRow, versions};
use crate::changes::Change;

/// A value that was set.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigurationValue {
    pub name: String,
    pub kind: ConfigurationKind,
    pub value: String,
}

/// Values are secrets: they never get into a log by `{:?}`.
impl std::fmt::Debug for ConfigurationValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "ConfigurationValue({:?} {})", self.kind, self.name)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SetConfigurationError {
    #[error("there is no such version")]
    NotFound,
    /// Why, as the page says it.
    #[error("{0}")]
    Locked(String),
    /// The manifest declares no variable or file of this name.
    #[error("the manifest declares no {0}")]
    Undeclared(String),
    /// Bytes of all names and values together, were these set.
    #[error("all values together would have {size} bytes, more than {limit}")]
    TooLarge { size: usize, limit: usize },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the configuration cannot be changed in this status; `None`: it can. The processes of a version read their
/// configuration when they start, so changing it under them would show what is not so.
pub fn configuration_locked(status: Status) -> Option<&'static str> {
    match status {
        Status::Stopped => None,
        Status::Archived => Some("It is archived, and there is no way back."),
        Status::Stopping => Some("Wait until it is stopped."),
        Status::Starting | Status::Started => Some("Stop it first: its processes read these values when they start."),
        Status::Publishing => Some("Wait until it is published; its processes read these values when they start."),
        Status::Published => Some("Unpublish and stop it first: its processes read these values when they start."),
    }
}

impl Store {
    /// The values that are set, by name.
    pub async fn configuration_values(&self, uid: &str) -> Result<Vec<ConfigurationValue>, StoreError> {
        let uid = uid.to_owned();
        self.read(move |_, transaction| values(transaction, &uid)).await
    }

    /// Sets the named values and leaves the others. `limit`: bytes of all names and values together.
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

/// The values that differ from those there are, with what the manifest says they are.
fn changed(
    version: &VersionRow,
    old: &[ConfigurationValue],
    new: Vec<(String, String)>,
) -> Result<Vec<ConfigurationValue>, SetConfigurationError> {
    let declared = &version.manifest.config;
    let mut changed: Vec<ConfigurationValue> = Vec::new();
    for (name, value) in new {
        let kind = if declared.variables.contains(&name) {
            ConfigurationKind::Variable
        } else if declared.files.contains(&name) {
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

/// What a version declares and nobody has set.
pub(super) fn missing(transaction: &Transaction, version: &VersionRow) -> Result<Vec<String>, StoreError> {
    let declared = &version.manifest.config;
    if declared.variables.is_empty() && declared.files.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = transaction.prepare_cached("SELECT name FROM configuration WHERE version = ?1")?;
    let set = statement.query_map([&version.uid], |row| row.get(0))?;
    let set: HashSet<String> = set.collect::<Result<_, _>>()?;
    Ok(declared.variables.iter().chain(&declared.files).filter(|name| !set.contains(*name)).cloned().collect())
}

fn kind(kind: ConfigurationKind) -> &'static str {
    match kind {
        ConfigurationKind::Variable => "variable",
        ConfigurationKind::File => "file",
    }
}
