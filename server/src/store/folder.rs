//! The data folder: its lock, and how its database is opened.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use app::model::Timestamp;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::gate::TIMEOUT;

/// The lock file, whose text names the process that holds the lock.
const LOCK: &str = "lock";

/// Holds the folder for this process until dropped; the system releases it when the process dies.
pub(super) struct Lock {
    #[expect(dead_code, reason = "held, not read")]
    file: File,
    /// See [`super::Store::process`].
    pub(super) process: String,
}

/// Creates the folder when it is missing, and locks it. The folder contains secrets: only its owner may access it.
pub(super) fn lock(folder: &Path, now: Timestamp) -> Result<Lock, StoreError> {
    let failed = |source| StoreError::folder(folder, source);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder.join(LOCK))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Empty while the holder is writing its name.
            let _ = file.take(200).read_to_string(&mut holder);
            let holder = match holder.trim() {
                "" => "another process".to_owned(),
                holder => holder.to_owned(),
            };
            return Err(StoreError::Locked { folder: folder.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    let since = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
    writeln!(file, "process {}, since {since:.0}", std::process::id()).map_err(failed)?;
    let process = process(&file).map_err(failed)?;
    Ok(Lock { file, process })
}

/// A name for the holder of this file on this boot of this machine: the host name for people, and a hash of what a copy
/// of the folder does not share. The holder of the file's lock knows that an earlier process of the same name is dead.
fn process(lock: &File) -> std::io::Result<String> {
    let read = |path: &str| std::fs::read_to_string(path).map(|text| text.trim().to_owned()).ok();
    let host = read("/proc/sys/kernel/hostname").filter(|name| !name.is_empty());
    // Where the system has no boot ID, every process gets a different name.
    let boot = read("/proc/sys/kernel/random/boot_id").unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let metadata = lock.metadata()?;
    let digest = Sha256::digest(format!("{boot} {} {}", metadata.dev(), metadata.ino()));
    Ok(format!("{}_{}", host.as_deref().unwrap_or("console"), hex::encode(&digest[..4])))
}

/// Creates the database file, readable by its owner only even in a folder that is open to all. SQLite gives the files
/// beside it the same permissions. Errors are ignored here: SQLite reports them when it opens the file.
pub(super) fn make(file: &Path) {
    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

/// Opens the database so that a commit is on the disk when it returns.
pub(super) fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, flags)?;
    // For opening; each write sets what is left of its own limit.
    connection.busy_timeout(TIMEOUT)?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
