//! The cluster as one value: opened from a file or in memory, asked through its router, closed by its owner.

use std::path::{Path, PathBuf};

use axum::Router;

/// How the simulation runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much faster than the wall clock the cluster's clock runs: 1.0 for people, more for tests (0.01 to 1,000).
    pub speed: f64,
    /// What UIDs, name suffixes and the staggering of pods are derived from; `None` takes a new one at every opening.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Options {
        Options { speed: 1.0, seed: None }
    }
}

/// Why a cluster could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened, read or written, or is no SQLite file.
    #[error("cannot use {} as the embedded cluster's file", path.display())]
    File {
        /// The file that was asked for.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// Another process has the file open as its cluster.
    #[error("{} is in use by another process: stop that one, or name another file", path.display())]
    InUse {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The file was written by a later release.
    #[error("{} was written by a newer release (format {found}, this one knows {known})", path.display())]
    Newer {
        /// The file that was asked for.
        path: PathBuf,
        /// The format found in it.
        found: i64,
        /// The latest format this release knows.
        known: i64,
    },
}

/// A running cluster. Clones are the same cluster; its controllers run as tokio tasks until [`EmbeddedCluster::shutdown`].
#[derive(Clone)]
pub struct EmbeddedCluster {}

impl EmbeddedCluster {
    /// Opens the cluster kept in `file` (created when missing), or an empty one in memory, and starts its controllers.
    ///
    /// # Errors
    /// When the file cannot be used; see [`OpenError`].
    pub async fn open(_file: Option<&Path>, _options: Options) -> Result<EmbeddedCluster, OpenError> {
        Ok(EmbeddedCluster {})
    }

    /// The API as a service: give it to `kube::Client::new(cluster.router(), "default")` or to [`crate::serve`].
    pub fn router(&self) -> Router {
        Router::new()
    }

    /// Ends the controllers and every open watch and followed log, and closes the file.
    pub async fn shutdown(&self) {}
}
