//! The SQLite file: one row per object, written in the transaction of its change, so that a kill loses no acknowledged
//! write.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use serde_json::Value;

use crate::key::Key;
use crate::kinds;
use crate::open_error::OpenError;

/// The format of the file; incremented when older releases can no longer read it.
const FORMAT: i64 = 1;

/// An open file, locked by this process.
#[derive(Debug)]
pub struct Persist {
    connection: Connection,
}

/// The contents of a file.
#[derive(Debug, Default)]
pub struct Saved {
    /// Every object.
    pub objects: Vec<(Key, Value)>,
    /// The resourceVersion of the last write.
    pub revision: u64,
    /// The cluster's clock at the last write.
    pub clock: Option<Timestamp>,
}

/// One row to write: the object as JSON, or `None` when it was deleted.
pub type Row<'a> = (&'a Key, Option<&'a str>);

impl Persist {
    /// Opens or creates the file and reads all of it.
    ///
    /// # Errors
    /// Fails when another process holds the file, when it is not a cluster file, or when a later release wrote it.
    pub fn open(path: &Path) -> Result<(Persist, Saved), OpenError> {
        Persist::open_raw(path).map_err(|source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path: path.to_owned() },
            _ => OpenError::File { path: path.to_owned(), source },
        })?
    }

    fn open_raw(path: &Path) -> rusqlite::Result<Result<(Persist, Saved), OpenError>> {
        // The file contains Secrets, so only its owner may read it. SQLite reports any other problem with the file.
        let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_secs(2))?;
        // The exclusive lock ensures that no other process writes here. NORMAL survives a kill of the process; a power
        // failure loses at most the most recent changes, which the controllers make again.
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
             BEGIN EXCLUSIVE; \
             CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID; \
             CREATE TABLE IF NOT EXISTS objects (resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, \
                 body TEXT NOT NULL, PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID; \
             COMMIT;",
        )?;
        let persist = Persist { connection };
        let found = persist.number("format")?.unwrap_or(FORMAT);
        if found > FORMAT {
            let path = path.to_owned();
            return Ok(Err(OpenError::Newer { path, found, known: FORMAT }));
        }
        persist.set("format", FORMAT)?;
        let saved = persist.read()?;
        Ok(Ok((persist, saved)))
    }

    fn read(&self) -> rusqlite::Result<Saved> {
        let mut statement = self.connection.prepare("SELECT resource, namespace, name, body FROM objects")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
        })?;
        let mut objects = Vec::new();
        for row in rows {
            let (resource, namespace, name, body) = row?;
            let Some(kind) = kinds::by_qualified(&resource) else { continue };
            let body = serde_json::from_str(&body).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(error))
            })?;
            objects.push((Key { resource: kind.id, namespace, name }, body));
        }
        let revision = self.number("revision")?.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        let clock = self.number("clock")?.and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Ok(Saved { objects, revision, clock })
    }

    /// Writes all rows and the counters in one transaction.
    ///
    /// # Errors
    /// Fails when the disk is full or unavailable; nothing is written then.
    pub fn write(&mut self, rows: &[Row<'_>], revision: u64, now: Timestamp) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for (key, value) in rows {
            let resource = key.resource.kind().qualified();
            match value {
                Some(value) => transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO objects (resource, namespace, name, body) VALUES (?, ?, ?, ?)",
                    )?
                    .execute(params![resource, key.namespace, key.name, value])?,
                None => transaction
                    .prepare_cached("DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?")?
                    .execute(params![resource, key.namespace, key.name])?,
            };
        }
        let mut about = transaction.prepare_cached("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)")?;
        about.execute(params!["revision", i64::try_from(revision).unwrap_or(i64::MAX)])?;
        about.execute(params!["clock", now.as_microsecond()])?;
        drop(about);
        transaction.commit()
    }

    fn number(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        self.connection.query_row("SELECT value FROM about WHERE name = ?", [name], |row| row.get(0)).optional()
    }

    fn set(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        self.connection
            .execute("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", params![name, value])
            .map(|_| ())
    }
}
