//! The cluster as one value: opened from a file or in memory, asked through its router, closed by its owner.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::access::{self, UserIdentity};
use crate::api;
use crate::clock::Clock;
use crate::controllers::Keeping;
use crate::kinds::Resource;
use crate::persist::{Persist, Saved};
use crate::registry;
use crate::store::Store;

/// How the simulation runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How much faster than the wall clock the cluster's clock runs: 1.0 for people, more for tests (0.01 to 1,000).
    pub speed: f64,
    /// What UIDs, name suffixes and the staggering of pods are derived from; `None` takes a new one at every opening.
    pub seed: Option<u64>,
    /// The `36` of Kubernetes 1.36: whose rules hold where they changed between releases (31 to 37 are known).
    pub minor: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { speed: 1.0, seed: None, minor: 36 }
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
#[derive(Clone, Debug)]
pub struct EmbeddedCluster {
    store: Arc<Store>,
    controllers: Keeping,
}

impl EmbeddedCluster {
    /// Opens the cluster kept in `file` (created when missing), or an empty one in memory, and starts its controllers.
    ///
    /// # Errors
    /// When the file cannot be used; see [`OpenError`].
    pub async fn open(file: Option<&Path>, options: Options) -> Result<EmbeddedCluster, OpenError> {
        let (persist, saved) = match file {
            None => (None, Saved::default()),
            Some(path) => {
                let (persist, saved) = Persist::open(path)?;
                (Some(persist), saved)
            }
        };
        // Simulated time never runs backwards over a restart, even when it ran fast before.
        let base = saved.clock.map_or(Timestamp::now(), |clock| clock.max(Timestamp::now()));
        let seed = options.seed.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
        let store = Arc::new(Store::new(saved, persist, Clock::new(base, options.speed), seed, options.minor));
        bootstrap(&store);
        let controllers = Keeping::default();
        tokio::spawn(controllers.clone().run(store.clone()));
        Ok(EmbeddedCluster { store, controllers })
    }

    /// The API as a service: give it to `kube::Client::new(cluster.router(), "default")` or to [`crate::serve`].
    pub fn router(&self) -> Router {
        api::router(self.store.clone(), UserIdentity::administrator())
    }

    /// The API as `user` in `groups` sees it, held to roles and bindings. Groups that come with every user are added.
    ///
    /// As good as the headers `Impersonate-User` and `Impersonate-Group` on every request to [`EmbeddedCluster::router`].
    pub fn router_as(&self, user: &str, groups: &[&str]) -> Router {
        api::router(self.store.clone(), UserIdentity::new(user, groups.iter().map(|group| (*group).to_owned())))
    }

    /// What is wrong with the cluster's own work in the background, in some words; it is started again by itself.
    pub fn trouble(&self) -> Option<String> {
        self.controllers.trouble()
    }

    /// Puts the cluster's clock forward, for tests that do not want to wait.
    pub fn step(&self, by: Duration) {
        self.store.clock.step(by);
    }

    /// Ends the controllers and every open watch and followed log, and closes the file.
    pub async fn shutdown(&self) {
        self.store.close();
    }
}

/// The namespaces every cluster has.
fn bootstrap(store: &Store) {
    for name in ["default", "kube-system", "kube-public"] {
        let object = json!({ "metadata": { "name": name } });
        // Refused where it is there already.
        let _ = store.write(|write| registry::create_internal(write, Resource::Namespaces, "", object));
    }
    access::bootstrap(store);
}
