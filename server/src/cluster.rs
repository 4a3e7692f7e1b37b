//! The cluster: the objects of versions, what was observed of them, their health, and writing to the cluster. Kube's
//! types stop here. The cluster is always a [`kube::Client`]; this module does not know whether it is simulated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::model::{ClusterKind, ClusterState};
use krt::lifecycle::Status;
use krt::names;
use tokio::task::JoinSet;

use crate::changes::ChangeBus;
use crate::state::{ConsoleIdentity, Runtime, Version};
use crate::supervise::Supervisor;

mod quantity;
mod sensitive;
mod settings;
pub use sensitive::Sensitive;
pub use settings::{ClusterSettings, Ingress, Resources, Stores};

mod error;
pub use error::ClusterError;

mod calls;
mod connect;
pub use connect::{Connection, connect};

pub mod labels;
pub mod objects;
pub use objects::package_path;

mod kinds;
mod selection;
pub use kinds::RUNTIME_ROLE;
mod reflector_store;
mod secrets;
mod warnings;

mod cache;
mod reach;
mod watch;

mod diagnose;
mod endpoints;
mod health;
mod observation;
mod roots;

mod binding;
mod permissions;
mod rejections;

mod lease;
pub(crate) use lease::LeaseHolder;
pub use lease::{NAME as LEASE, Timing};

pub(crate) use diagnose::Ending;
pub(crate) use endpoints::Active;
pub(crate) use observation::{Outlook, Unhealthy};

mod listing;
mod logs;
pub use logs::LoggedPod;
mod namespaces;
mod service_name;

mod drift;
mod write;
pub(crate) use write::{ObservedObject, Owned};

use cache::ClusterCache;

/// How long [`Cluster::start`] waits for the first lists: long enough for correct pages right after the start, short
/// enough for an unreachable cluster not to delay it.
const FIRST_LISTS: Duration = Duration::from_secs(3);

/// The namespaces of the runtimes, each with its runtime's ID.
type Namespaces = Arc<tokio::sync::watch::Sender<BTreeMap<String, String>>>;

/// What the watches, the Leases and the check of permissions work with.
#[derive(Clone)]
struct Start {
    client: kube::Client,
    seen: Arc<ClusterCache>,
    changes: ChangeBus,
    namespaces: Namespaces,
    supervisor: Supervisor,
}

/// The cluster as the rest of the server sees it. Clones share it; dropping the last one ends its watches.
#[derive(Clone)]
pub struct Cluster(Arc<Inner>);

struct Inner {
    client: kube::Client,
    kind: ClusterKind,
    settings: ClusterSettings,
    instance: String,
    seen: Arc<ClusterCache>,
    leases: lease::Leases,
    permissions: Arc<permissions::PermissionNotes>,
    bound: binding::Bound,
    rejections: rejections::LastRejections,
    changes: ChangeBus,
    namespaces: Namespaces,
    accepted: write::Accepted,
    current: write::Current,
    watches: Mutex<JoinSet<()>>,
}

impl Cluster {
    /// Starts watching this console's objects on the cluster.
    ///
    /// # Errors
    /// Never fails at present: [`Cluster::state`] reports an unreachable cluster, and the watches reconnect.
    pub async fn start(
        client: kube::Client,
        kind: ClusterKind,
        settings: ClusterSettings,
        identity: ConsoleIdentity,
        changes: ChangeBus,
        supervisor: Supervisor,
    ) -> Result<Cluster, ClusterError> {
        let seen = Arc::new(ClusterCache::default());
        let instance = identity.instance.clone();
        let namespaces = Namespaces::default();
        let start = Start { client: client.clone(), seen: seen.clone(), changes, namespaces, supervisor };
        let leases = lease::Leases::new(&start, identity, settings.lease);
        let mut watches = watch::start(&start, &instance, &leases);
        seen.until_read(FIRST_LISTS).await;
        let permissions = Arc::<permissions::PermissionNotes>::default();
        watches.spawn(start.kept("permission check", {
            let (start, permissions) = (start.clone(), permissions.clone());
            move || permissions::keep(start.clone(), permissions.clone())
        }));
        let inner = Inner {
            client,
            kind,
            settings,
            instance,
            seen,
            leases,
            permissions,
            bound: binding::Bound::default(),
            rejections: rejections::LastRejections::default(),
            changes: start.changes.clone(),
            namespaces: start.namespaces,
            accepted: write::Accepted::default(),
            current: write::Current::default(),
            watches: Mutex::new(watches),
        };
        Ok(Cluster(Arc::new(inner)))
    }

    /// What the cluster is, and whether it can be reached.
    pub fn state(&self) -> ClusterState {
        let (unreachable, elsewhere) = (self.0.seen.unreachable(), self.0.leases.elsewhere_now());
        ClusterState { kind: self.0.kind, unreachable, elsewhere, notes: self.0.permissions.notes() }
    }

    /// Returns whether this process may act on a runtime; takes the runtime's Lease when it is free.
    pub(crate) async fn hold_lease(&self, runtime: &Runtime) -> Result<LeaseHolder, ClusterError> {
        let hold_lease = self.0.leases.hold_lease(&runtime.namespace, &runtime.id).await;
        if hold_lease.as_ref().is_err_and(ClusterError::is_forbidden) {
            self.forget_role(runtime);
        }
        hold_lease
    }

    /// Releases the Lease of a runtime that has nothing to reconcile: another process may act on it.
    pub(crate) async fn release(&self, runtime: &Runtime) {
        self.0.leases.release(&runtime.namespace).await;
    }

    /// Releases all Leases: this process stops acting.
    pub(crate) async fn release_all(&self) {
        self.0.leases.release_all().await;
    }

    /// Ends all watches, so that the shutdown of an embedded cluster is not reported as an outage.
    pub async fn end(&self) {
        let mut watches = std::mem::take(&mut *self.0.watches.lock().unwrap_or_else(PoisonError::into_inner));
        watches.shutdown().await;
    }

    pub fn settings(&self) -> &ClusterSettings {
        &self.0.settings
    }

    /// ID of the console's store, as in the labels.
    pub fn instance(&self) -> &str {
        &self.0.instance
    }

    /// The address of a running version inside the cluster: `host:port`.
    pub fn address_inside(&self, runtime: &Runtime, version: &Version) -> Option<String> {
        match version.status() {
            Status::Started | Status::Publishing => Some(names::address_inside(&version.name, &runtime.namespace)),
            Status::Published => Some(names::address_inside(names::ACTIVE_ENTRYPOINT, &runtime.namespace)),
            Status::Stopped | Status::Starting | Status::Stopping | Status::Archived => None,
        }
    }

    /// The external address of a published version: `host:port`.
    pub fn address_outside(&self, runtime: &Runtime, version: &Version) -> Option<String> {
        let is_published = version.status() == Status::Published && !version.unpublishing();
        is_published.then(|| self.0.settings.ingress.address(&runtime.id))
    }
}
