//! What can go wrong with the store, with the disk's troubles told apart: those a person can mend.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::gate::Busy;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data folder {} is in use by {holder}; stop that one first, or name another folder", .folder.display())]
    Locked {
        folder: PathBuf,
        /// What the lock file says: the process and since when.
        holder: String,
    },
    #[error("the data folder {} cannot be used", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "the data folder was written by a newer version of this program (schema {found}, this one knows {known}); \
         start that one, or restore a backup"
    )]
    Newer { found: i64, known: i64 },
    #[error("the disk that holds the data folder is full; free some space and try again")]
    Full(#[source] rusqlite::Error),
    #[error("the data folder cannot be written; make it writable for this program's user, or name another folder")]
    ReadOnly(#[source] rusqlite::Error),
    /// Nothing was begun: others write, in this process or in another one, or too many wait already.
    #[error("the store is busy")]
    Busy,
    #[error("the store holds something that cannot be read: {what}")]
    Corrupt { what: String },
    #[error("the store does not answer")]
    Sqlite(#[source] rusqlite::Error),
    #[error("the system gives no random numbers")]
    Random(#[source] getrandom::Error),
    #[error("a task of the store was stopped before its end")]
    Stopped(#[source] tokio::task::JoinError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Full(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                StoreError::ReadOnly(error)
            }
            _ => StoreError::Sqlite(error),
        }
    }
}

impl From<Busy> for StoreError {
    fn from(_: Busy) -> StoreError {
        StoreError::Busy
    }
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> StoreError {
        StoreError::Random(error)
    }
}

impl StoreError {
    pub(super) fn corrupt(what: impl Into<String>) -> StoreError {
        StoreError::Corrupt { what: what.into() }
    }

    /// The folder itself is at fault.
    pub(super) fn folder(folder: &std::path::Path, source: std::io::Error) -> StoreError {
        StoreError::Folder { folder: folder.to_owned(), source }
    }
}
