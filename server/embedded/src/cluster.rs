//! The cluster as one value: opened from a file or in memory, queried through its router, closed by its owner.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::access::{self, UserIdentity};
use crate::api;
use crate::clock::Clock;
use crate::controllers::ControllerSupervisor;
use crate::kinds::Resource;
use crate::open_error::OpenError;
use crate::persist::{Persist, Saved};
use crate::registry;
use crate::store::Store;

/// How the simulation runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Speed of the cluster's clock relative to the wall clock, 0.01 to 1,000: 1.0 for interactive use, more for tests;
    /// or 0, so that only [`EmbeddedCluster::advance`] moves it.
    pub speed: f64,
    /// Seed of UIDs, name suffixes and the staggering of pods; `None` chooses a new one each time the cluster is
    /// opened.
    pub seed: Option<u64>,
    /// Minor release whose rules apply where they changed between releases: `36` for Kubernetes 1.36 (31 to 37 are
    /// known).
    pub minor: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { speed: 1.0, seed: None, minor: 36 }
    }
}

/// A running cluster. Clones share the same cluster; its controllers run as tokio tasks until
/// [`EmbeddedCluster::shutdown`].
#[derive(Clone, Debug)]
pub struct EmbeddedCluster {
    store: Arc<Store>,
    controllers: ControllerSupervisor,
}

impl EmbeddedCluster {
    /// Opens the cluster stored in `file` (created when missing), or an empty one in memory, and starts its
    /// controllers.
    ///
    /// # Errors
    /// Fails when the file cannot be used; see [`OpenError`].
    pub async fn open(file: Option<&Path>, options: Options) -> Result<EmbeddedCluster, OpenError> {
        let (persist, saved) = match file {
            None => (None, Saved::default()),
            Some(path) => {
                let (persist, saved) = Persist::open(path)?;
                (Some(persist), saved)
            }
        };
        // Simulated time never goes backward across a restart, even when the clock ran fast before.
        let base = saved.clock.map_or(Timestamp::now(), |clock| clock.max(Timestamp::now()));
        let seed = options.seed.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0);
        let store = Arc::new(Store::new(saved, persist, Clock::new(base, options.speed), seed, options.minor));
        bootstrap(&store);
        let controllers = ControllerSupervisor::default();
        tokio::spawn(controllers.clone().run(store.clone()));
        Ok(EmbeddedCluster { store, controllers })
    }

    /// The API as a service, for `kube::Client::new(cluster.router(), "default")` or [`crate::serve`].
    pub fn router(&self) -> Router {
        api::router(self.store.clone(), UserIdentity::administrator())
    }

    /// The API as seen by `user` in `groups`, subject to roles and bindings. The groups every user belongs to are
    /// added.
    ///
    /// Equivalent to sending the headers `Impersonate-User` and `Impersonate-Group` with every request to
    /// [`EmbeddedCluster::router`].
    pub fn router_as(&self, user: &str, groups: &[&str]) -> Router {
        api::router(self.store.clone(), UserIdentity::new(user, groups.iter().map(|group| (*group).to_owned())))
    }

    /// A short description of failed background work, or `None` while all is well. Failed work restarts automatically.
    pub fn trouble(&self) -> Option<String> {
        self.controllers.trouble()
    }

    /// Waits until the controllers have handled every change so far and everything that is due.
    pub async fn settle(&self) {
        self.controllers.rest().reached(&self.store).await;
    }

    /// Advances the cluster's clock, and returns once everything that is due by then is done, each at its time. With
    /// speed 0, nothing else moves the clock.
    pub async fn advance(&self, by: Duration) {
        let clock = &self.store.clock;
        let end = clock.now() + by;
        loop {
            let due = self.controllers.rest().reached(&self.store).await;
            let left = |until: Timestamp| Duration::try_from(until.duration_since(clock.now())).unwrap_or_default();
            if left(end).is_zero() {
                return;
            }
            clock.step(left(due.map_or(end, |due| due.min(end))));
        }
    }

    /// Stops the controllers, ends every open watch and followed log, and closes the file.
    pub async fn shutdown(&self) {
        self.store.close();
    }
}

/// Creates the namespaces that every cluster has.
fn bootstrap(store: &Store) {
    for name in ["default", "kube-system", "kube-public"] {
        let object = json!({ "metadata": { "name": name } });
        // Fails when the namespace already exists.
        let _ = store.write(|write| registry::create_internal(write, Resource::Namespaces, "", object));
    }
    access::bootstrap(store);
}
