//! Errors of the store. Problems of the disk have variants of their own, since people can fix them.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::gate::Busy;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data folder {} is in use by {holder}; stop that process or choose another folder", .folder.display())]
    Locked {
        folder: PathBuf,
        /// The text of the lock file: the process and its start time.
        holder: String,
    },
    #[error("the data folder {} cannot be used", .folder.display())]
    Folder { folder: PathBuf, source: std::io::Error },
    #[error(
        "a newer version of this program wrote the data folder (schema {found}; this version supports {known}); start \
         the newer version or restore a backup"
    )]
    Newer { found: i64, known: i64 },
    #[error("the disk of the data folder is full; free some space and try again")]
    Full(#[source] rusqlite::Error),
    #[error("the data folder is not writable; make it writable for this program's user or choose another folder")]
    ReadOnly(#[source] rusqlite::Error),
    /// Nothing was started: another write is in progress, in this process or in another one, or too many wait already.
    #[error("the store is busy")]
    Busy,
    #[error("the store contains unreadable data: {what}")]
    Corrupt { what: String },
    #[error("the store failed")]
    Sqlite(#[source] rusqlite::Error),
    #[error("the system provides no random numbers")]
    Random(#[source] getrandom::Error),
    #[error("a task of the store was stopped before it finished")]
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

    /// An error of the data folder itself.
    pub(super) fn folder(folder: &std::path::Path, source: std::io::Error) -> StoreError {
        StoreError::Folder { folder: folder.to_owned(), source }
    }
}
