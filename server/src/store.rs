//! What people decided and what only time tells, in one SQLite file: runtimes, versions and their wishes, configuration
//! values, users, the audit. Rows stop here; kube types never come here.
//!
//! Every writing method is one transaction (`BEGIN IMMEDIATE`) that is on the disk when it returns; after it come
//! [`fail_points::written`] and a notice on [`ChangeBus`]. Whoever asks waits at the [`gate`] first: a method whose future is
//! dropped there has done nothing, one that was admitted finishes its transaction whether anybody waits or not.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::model::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::changes::{Change, ChangeBus};
use crate::fail_points;
use gate::PATIENCE;

mod error;
mod gate;

mod folder;
mod schema;
mod secrets;

mod rows;

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
pub use configuration::{ConfigurationValue, SetConfigurationError, configuration_locked};
pub use error::StoreError;
pub use idempotency::KeyReused;
pub use logs::LONGEST_LOG;
pub use people::{Redeemed, SIGN_IN_LINK_LIFE};
pub use rows::{Desired, Recorded, RuntimeCounts, RuntimeRow, VersionRow};
pub use runtimes::CreateRuntimeError;
pub use sessions::{SESSION_LIFE, SESSION_LONGEST};
pub use transitions::{ActionError, Limits};
pub use versions::{CreateVersionError, NewVersion, VersionPage};

/// The name of the SQLite file in the data folder; `-wal` and `-shm` stand beside it while it is open.
pub const DATABASE: &str = "krt-console.sqlite";

/// Reading connections kept open: pages read in parallel, and two cores cannot use more than a few.
const IDLE_READERS: usize = 4;

/// Tells the time; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The open store; clones share it. The last clone that goes releases the folder.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    file: PathBuf,
    instance: String,
    key: secrets::Key,
    gate: gate::Gate,
    readers: Mutex<Vec<Connection>>,
    /// Closed after the readers: only the last connection, and only if it may write, folds the WAL into the file.
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
    /// Takes the folder (made when missing, readable by its owner only), brings the schema up to date, and proves that
    /// it can be written.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process holds the folder; [`StoreError::Full`] and [`StoreError::ReadOnly`]
    /// say what is wrong with the disk; [`StoreError::Newer`] when a newer program wrote it.
    pub async fn open(folder: &Path, changes: ChangeBus) -> Result<Store, StoreError> {
        Store::open_with_clock(folder, changes, Arc::new(now)).await
    }

    /// [`Store::open`] with a clock of the caller's.
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

    /// Random ID of this store, 12 hex digits: the label that tells our objects from another console's.
    pub fn instance(&self) -> &str {
        &self.0.instance
    }

    /// Names the process that holds the data folder: the same after a restart on the same folder, another one on a copy
    /// of it.
    pub fn process(&self) -> &str {
        &self.0.lock.process
    }

    /// The time by the store's clock.
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Reads on a blocking thread, everything from one snapshot. Never waits for a write.
    async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Inner, &Transaction) -> Result<T, StoreError> + Send + 'static,
    {
        let turn = self.0.gate.read(PATIENCE).await?;
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

    /// One writing transaction on a blocking thread; an error rolls it back. What `work` pushes is told to everybody
    /// once it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when it could not begin within [`PATIENCE`].
    async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Inner, &Transaction, &mut Vec<Change>) -> Result<T, E> + Send + 'static,
    {
        self.write_within(PATIENCE, work).await
    }

    /// [`Store::write`] that begins within this time.
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
            // The next write need not wait for the notices.
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
    /// Does this work in one transaction, which begins within `patience`: another process may hold the file.
    fn commit<T, E, F>(&self, patience: Duration, changes: &mut Vec<Change>, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&Inner, &Transaction, &mut Vec<Change>) -> Result<T, E>,
    {
        // A panic inside of a transaction has rolled it back, so the connection behind a poisoned lock is sound.
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

/// Runs to its end even when nobody waits for it any more.
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
