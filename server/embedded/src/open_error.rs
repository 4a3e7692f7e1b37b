//! Why the file of a cluster cannot be used.

use std::path::PathBuf;

/// Why a cluster could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened, read or written, or is not an SQLite file.
    #[error("cannot use {} as the embedded cluster's database", path.display())]
    File {
        /// The file that was asked for.
        path: PathBuf,
        /// The error from SQLite.
        source: rusqlite::Error,
    },
    /// Another process holds the file.
    #[error("{} is in use by another process: stop that process or choose another file", path.display())]
    InUse {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The file was written by a later release.
    #[error("{} was written by a newer release: format {found}, this release reads up to {known}", path.display())]
    Newer {
        /// The file that was asked for.
        path: PathBuf,
        /// The format found in it.
        found: i64,
        /// The latest format this release knows.
        known: i64,
    },
}
