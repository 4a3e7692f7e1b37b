//! The store, one SQLite file: runtimes, versions with their desired and recorded states, configuration values, users,
//! and the audit. Rows do not leave this module, which maps them to [`crate::state`]; kube types do not enter it.
//!
//! Every writing method is one transaction (`BEGIN IMMEDIATE`) that is on the disk when the method returns; then follow
//! [`fail_points::written`] and a notification on [`ChangeBus`]. Callers wait at the [`gate`] first: a method whose
//! future is dropped there has done nothing; an admitted one finishes its transaction even if its future is dropped.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::model::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::changes::{Change, ChangeBus};
use crate::fail_points;
use crate::state::ConsoleIdentity;
use gate::TIMEOUT;

mod error;
mod gate;

mod folder;
mod schema;
mod secrets;

mod runtimes;
mod versions;

mod transitions;

mod audit;
mod configuration;
mod idempotency;
mod logs;

mod expiry;
mod people;
mod sessions;

mod readiness;

pub use audit::{ACTIVITY_PAGE, SYSTEM};
pub use configuration::SetConfigurationError;
pub use error::StoreError;
pub use idempotency::KeyReused;
pub use logs::LONGEST_LOG;
pub use people::{Redeemed, SIGN_IN_LINK_LIFE};
pub use runtimes::CreateRuntimeError;
pub use sessions::{SESSION_LIFE, SESSION_LONGEST};
pub use transitions::{ActionError, Deadlines};
pub use versions::{CreateVersionError, NewVersion, VersionPage};

/// The name of the SQLite file in the data folder; `-wal` and `-shm` files exist beside it while it is open.
pub const DATABASE: &str = "krt-console.sqlite";

/// Read connections kept open: pages read in parallel, but few cores cannot use more than a few.
const IDLE_READERS: usize = 4;

/// Returns the current time; tests pass their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The open store; clones share it. Dropping the last clone releases the folder.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    file: PathBuf,
    instance: String,
    key: secrets::Key,
    gate: gate::Gate,
    readers: Mutex<Vec<Connection>>,
    /// Closed after the readers: only the last connection, and only if it may write, checkpoints the WAL into the file.
    writer: Mutex<Connection>,
    manifests: versions::ManifestCache,
    sessions: sessions::Sessions,
    expiry: expiry::Expiry,
    readiness: readiness::Readiness,
    changes: ChangeBus,
    clock: Clock,
    /// Released last, when the connections above are closed.
    lock: folder::Lock,
}

impl Store {
    /// Locks the folder (created when missing, readable by its owner only), brings the schema up to date, and ensures
    /// that the folder is writable.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process holds the folder; [`StoreError::Full`] and [`StoreError::ReadOnly`]
    /// for problems of the disk; [`StoreError::Newer`] when a newer program wrote the folder.
    pub async fn open(folder: &Path, changes: ChangeBus) -> Result<Store, StoreError> {
        Store::open_with_clock(folder, changes, Arc::new(now)).await
    }

    /// [`Store::open`] with the caller's clock.
    pub async fn open_with_clock(folder: &Path, changes: ChangeBus, clock: Clock) -> Result<Store, StoreError> {
        let folder = folder.to_owned();
        blocking(move || {
            let lock = folder::lock(&folder, clock())?;
            let file = folder.join(DATABASE);
            folder::make(&file);
            let mut writer = folder::connect(&file, OpenFlags::default())?;
            schema::migrate(&mut writer, clock())?;
            let identity = secrets::identity(&mut writer)?;
            Ok(Store(Arc::new(Inner {
                file,
                instance: identity.instance,
                key: identity.key,
                gate: gate::Gate::default(),
                readers: Mutex::default(),
                writer: Mutex::new(writer),
                manifests: versions::ManifestCache::default(),
                sessions: sessions::Sessions::default(),
                expiry: expiry::Expiry::default(),
                readiness: readiness::Readiness::default(),
                changes,
                clock,
                lock,
            })))
        })
        .await
    }

    /// Random ID of this store, 12 hex digits: the label that distinguishes our objects from another console's.
    pub fn instance(&self) -> &str {
        &self.0.instance
    }

    /// Identifies the process that holds the data folder: unchanged by a restart on the same folder, different on a
    /// copy of it.
    pub fn process(&self) -> &str {
        &self.0.lock.process
    }

    /// Who the process that holds this store is on the cluster.
    pub fn identity(&self) -> ConsoleIdentity {
        ConsoleIdentity { instance: self.instance().to_owned(), process: self.process().to_owned() }
    }

    /// The current time by the store's clock.
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Reads on a blocking thread, from one snapshot. Never waits for a write.
    async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Inner, &Transaction) -> Result<T, StoreError> + Send + 'static,
    {
        let turn = self.0.gate.read(TIMEOUT).await?;
        let inner = self.0.clone();
        blocking(move || {
            let _turn = turn;
            let idle = inner.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let reader = match idle {
                Some(reader) => reader,
                None => {
                    folder::connect(&inner.file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?
                }
            };
            let result = work(&inner, &reader.unchecked_transaction()?)?;
            let mut readers = inner.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < IDLE_READERS {
                readers.push(reader);
            }
            Ok(result)
        })
        .await
    }

    /// Runs one writing transaction on a blocking thread; an error rolls it back. The changes that `work` pushes are
    /// notified once they are on the disk.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the transaction could not begin within [`TIMEOUT`].
    async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Inner, &Transaction, &mut Vec<Change>) -> Result<T, E> + Send + 'static,
    {
        self.write_within(TIMEOUT, work).await
    }

    /// [`Store::write`] with another limit than [`TIMEOUT`].
    async fn write_within<T, E, F>(&self, patience: Duration, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Inner, &Transaction, &mut Vec<Change>) -> Result<T, E> + Send + 'static,
    {
        let turn = self.0.gate.write(patience).await.map_err(StoreError::from)?;
        let inner = self.0.clone();
        blocking(move || {
            let mut changes = Vec::new();
            let result = inner.commit(turn.left(), &mut changes, work);
            inner.readiness.note(result.is_ok());
            // The next write need not wait for the notifications.
            drop(turn);
            if result.is_ok() {
                for change in changes {
                    inner.changes.notify(change);
                }
            }
            result
        })
        .await
    }
}

impl Inner {
    /// Runs `work` in one transaction, which must begin within `patience`: another process may lock the file.
    fn commit<T, E, F>(&self, patience: Duration, changes: &mut Vec<Change>, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&Inner, &Transaction, &mut Vec<Change>) -> Result<T, E>,
    {
        // A panic inside of a transaction rolls it back, so the connection behind a poisoned lock is usable.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let rows_before = writer.total_changes();
        writer.busy_timeout(patience).map_err(StoreError::from)?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let result = work(self, &transaction, changes)?;
        transaction.commit().map_err(StoreError::from)?;
        if writer.total_changes() != rows_before {
            fail_points::written();
        }
        Ok(result)
    }
}

/// Runs `work` on a blocking thread, to its end even if the future is dropped.
async fn blocking<T, E, F>(work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| Err(StoreError::Stopped(stopped).into()))
}

fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests;
