//! Opens the console's resources in order and closes them in reverse order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::model::Caller;
use embedded_cluster::EmbeddedCluster;
use krt::roles::Role;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::changes::ChangeBus;
use crate::cluster::{self, Cluster, ClusterError, Connection};
use crate::live::{self, Hub};
use crate::packages::{Packages, PackagesError};
use crate::platform::{self, Console};
use crate::private;
use crate::reconcile;
use crate::settings::{ClusterChoice, Hosts, PublicUrl, Settings};
use crate::store::{DATABASE, Deadlines, Store, StoreError};
use crate::supervise::Supervisor;
use crate::web::{self, Links, Site, Streams, Web};

/// The file of the embedded cluster in the data folder.
const CLUSTER_FILE: &str = "embedded-cluster.sqlite";

/// The user whom the link in the terminal signs in: a person who can start the program may do everything.
const ADMINISTRATOR: &str = "admin";

/// Grace period for background tasks to finish their last write.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot open the stored packages")]
    Packages(#[from] PackagesError),
    #[error("cannot open the embedded cluster")]
    Embedded(#[from] embedded_cluster::OpenError),
    #[error("cannot use the cluster")]
    Cluster(#[from] ClusterError),
}

/// The opened resources and the background tasks.
pub struct Started {
    pub store: Store,
    pub cluster: Cluster,
    pub hub: Hub,
    pub console: Console,
    pub embedded: Option<EmbeddedCluster>,
    /// The user whom the link in the terminal signs in.
    pub administrator: Caller,
    /// Restarts background tasks.
    pub supervisor: Supervisor,
    background: JoinSet<()>,
    stop_background: CancellationToken,
}

/// Opens the data folder and the cluster, and starts to reconcile the cluster with the desired state.
///
/// # Errors
/// Fails when a person has to act: the folder is in use or not writable, the disk is full, the kubeconfig is invalid.
/// An unreachable cluster is not an error; pages show it.
pub async fn start(settings: &Settings) -> Result<Started, StartError> {
    close_databases(&settings.data);
    let changes = ChangeBus::default();
    let store = Store::open(&settings.data, changes.clone()).await?;
    let administrator = store.ensure_user(ADMINISTRATOR, Role::Admin).await?;
    let in_use = store.packages_in_use().await?;
    let packages = Packages::open(&settings.data, settings.max_storage.0, &in_use).await?;

    let supervisor = Supervisor::default();
    let (connection, embedded) = connection(settings).await?;
    if let Some(embedded) = embedded.clone() {
        supervisor.also(move || embedded.trouble());
    }
    let kind = connection.kind();
    let client = cluster::connect(connection).await?;
    let on_cluster = settings.on_cluster.clone();
    let has_broker = on_cluster.stores.broker.is_some();
    let deadlines = Deadlines { start: on_cluster.start_deadline, publish: on_cluster.start_deadline };
    let cluster =
        Cluster::start(client, kind, on_cluster, store.identity(), changes.clone(), supervisor.clone()).await?;

    let hub = Hub::new();
    let settings = platform::PlatformSettings { deadlines, has_broker };
    let console = Console::new(store.clone(), packages, cluster.clone(), hub.clone(), settings);

    let stop_background = CancellationToken::new();
    let mut background = JoinSet::new();
    {
        let announce = {
            let (store, cluster, hub, changes) = (store.clone(), cluster.clone(), hub.clone(), changes.clone());
            let stop = stop_background.clone();
            move || live::announce(store.clone(), cluster.clone(), hub.clone(), changes.clone(), stop.clone())
        };
        let (supervisor, stop) = (supervisor.clone(), stop_background.clone());
        background.spawn(async move { supervisor.until(&stop, "live announcer", announce).await });
    }
    {
        let (store, cluster, supervisor, stop) =
            (store.clone(), cluster.clone(), supervisor.clone(), stop_background.clone());
        background.spawn(async move {
            let run =
                || reconcile::run(store.clone(), cluster.clone(), changes.clone(), supervisor.clone(), stop.clone());
            supervisor.until(&stop, "reconciler", run).await;
        });
    }
    {
        let (supervisor, store, stop) = (supervisor.clone(), store.clone(), stop_background.clone());
        background.spawn(async move {
            let expire = || store.clone().keep_expiring(stop.clone());
            supervisor.until(&stop, "session expiry", expire).await;
        });
    }
    Ok(Started { store, cluster, hub, console, embedded, administrator, supervisor, background, stop_background })
}

impl Started {
    /// The state that pages and routes need; sign-in links are printed to `terminal`.
    pub fn web(&self, settings: &Settings, public_url: PublicUrl, terminal: Links, stop: CancellationToken) -> Web {
        Web::new(web::Inner {
            streams: Streams::of(settings),
            hosts: Hosts::of(settings, &public_url),
            ended_sessions: tokio::sync::broadcast::Sender::new(64),
            links: terminal,
            administrator: self.administrator.clone(),
            platform: Arc::new(self.console.clone()),
            console: self.console.clone(),
            store: self.store.clone(),
            hub: self.hub.clone(),
            public_url,
            session_life: settings.session_length.milliseconds(),
            max_upload: settings.max_upload,
            load: web::Load::default(),
            site: Site::find(settings),
            supervisor: self.supervisor.clone(),
            stop,
        })
    }

    /// Stops the background tasks, then the embedded cluster.
    pub async fn end(mut self) {
        self.stop_background.cancel();
        let all = async { while self.background.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("background work was aborted before it finished; the next start resumes it");
        }
        self.cluster.end().await;
        if let Some(embedded) = &self.embedded {
            embedded.shutdown().await;
        }
    }
}

/// Restricts the databases to their owner, since they hold secrets and a copied data folder may have open permissions.
fn close_databases(data: &Path) {
    for file in [DATABASE, CLUSTER_FILE] {
        for beside in ["", "-wal", "-shm"] {
            private::close(&data.join(format!("{file}{beside}")));
        }
    }
}

async fn connection(settings: &Settings) -> Result<(Connection, Option<EmbeddedCluster>), StartError> {
    Ok(match settings.cluster {
        ClusterChoice::Embedded => {
            let file = settings.data.join(CLUSTER_FILE);
            let how = embedded_cluster::Options { speed: settings.cluster_speed, ..Default::default() };
            let embedded = EmbeddedCluster::open(Some(&file), how).await?;
            (Connection::Embedded(embedded.router()), Some(embedded))
        }
        ClusterChoice::Kubeconfig => {
            let (file, context) = (settings.kubeconfig.clone(), settings.context.clone());
            (Connection::Kubeconfig { file, context }, None)
        }
        ClusterChoice::InCluster => (Connection::InCluster, None),
    })
}
