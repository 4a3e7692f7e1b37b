//! The real stack on a cluster: store, watches and reconciler, as in one process of the console.

use std::path::Path;
use std::time::Duration;

use app::model::{ActionRequest, Caller, ClusterKind, ClusterState, NewRuntime, PackageInfo};
use krt::lifecycle::{Action, Status};
use krt::roles::Role;
use server::changes::ChangeBus;
use server::cluster::{Cluster, ClusterSettings, Connection, Timing, connect};
use server::reconcile;
use server::state::{Runtime, Version};
use server::store::{Deadlines, NewVersion, Store, StoreError};
use server::supervise::Supervisor;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a test waits before it fails: far longer than anything takes on a busy machine.
pub const TIMEOUT: Duration = Duration::from_secs(60);

const MANIFEST: &str = "version: VERSION
description: Greets.
entrypoint: { proto: public_input.proto, image: 'konstellation/kre-entrypoint:latest' }
nodes:
  - { name: greeter, image: 'konstellation/kre-py:latest', src: greeter.py }
workflows:
  - { name: greeting, entrypoint: Greet, sequential: [greeter] }
";

pub struct Console {
    pub store: Store,
    pub cluster: Cluster,
    manager: Caller,
    stop: CancellationToken,
    running: Option<JoinHandle<()>>,
}

/// Settings with Leases of two seconds, so that tests do not wait long.
pub fn settings() -> ClusterSettings {
    let lease = Timing { duration: Duration::from_secs(2), renew: Duration::from_millis(600) };
    ClusterSettings { lease, grace_period: Duration::from_secs(5), ..ClusterSettings::default() }
}

impl Console {
    /// Starts a process on this data folder and this cluster.
    pub async fn start(folder: &Path, connection: Connection) -> Console {
        Console::with(folder, connection, settings()).await
    }

    pub async fn with(folder: &Path, connection: Connection, settings: ClusterSettings) -> Console {
        Console::of(folder, connect(connection).await.unwrap(), settings).await
    }

    pub async fn of(folder: &Path, client: kube::Client, settings: ClusterSettings) -> Console {
        let changes = ChangeBus::default();
        let store = open(folder, changes.clone()).await;
        let manager = store.ensure_user("ada", Role::Manager).await.unwrap();
        let identity = store.identity();
        let kind = ClusterKind::Kubeconfig;
        let cluster =
            Cluster::start(client, kind, settings, identity, changes.clone(), Supervisor::default()).await.unwrap();
        let stop = CancellationToken::new();
        let run = reconcile::run(store.clone(), cluster.clone(), changes, Supervisor::default(), stop.clone());
        Console { store, cluster, manager, stop, running: Some(tokio::spawn(run)) }
    }

    /// Ends as the program does at SIGTERM.
    pub async fn end(mut self) {
        self.stop.cancel();
        self.running.take().unwrap().await.unwrap();
    }

    /// Ends as at SIGKILL, in the middle of its work. Its data folder is free afterwards.
    pub async fn kill(mut self) {
        let running = self.running.take().unwrap();
        running.abort();
        let _ = running.await;
    }

    pub fn state(&self) -> ClusterState {
        self.cluster.state()
    }

    pub async fn runtime(&self, id: &str) {
        let new = NewRuntime {
            id: id.to_owned(),
            name: id.to_owned(),
            namespace: format!("kre-{id}"),
            idempotency_key: format!("runtime {id}"),
            ..NewRuntime::default()
        };
        self.store.create_runtime(&self.manager, new).await.unwrap();
    }

    pub async fn upload(&self, runtime: &str, version: &str) {
        let text = MANIFEST.replace("VERSION", version);
        let report = krt::package::check_bare(text.as_bytes());
        let manifest = report.manifest.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
        let new = NewVersion {
            runtime: runtime.to_owned(),
            reason: "uploaded".to_owned(),
            idempotency_key: format!("version {runtime} {version}"),
            manifest,
            manifest_text: text,
            diagnostics: Vec::new(),
            package: PackageInfo {
                sha256: format!("{version:0>64}"),
                size: 1,
                unpacked: 1,
                members: 1,
                file: "p.krt".to_owned(),
            },
            members: Vec::new(),
        };
        self.store.create_version(&self.manager, new).await.unwrap();
    }

    pub async fn take(&self, action: Action, runtime: &str, version: &str) {
        take(&self.store, &self.manager, action, runtime, version).await;
    }

    /// Sets a desired state without a process that reconciles it.
    pub async fn desired(folder: &Path, action: Action, runtime: &str, version: &str) {
        let store = open(folder, ChangeBus::default()).await;
        let manager = store.ensure_user("ada", Role::Manager).await.unwrap();
        take(&store, &manager, action, runtime, version).await;
    }

    pub async fn rows(&self, runtime: &str, version: &str) -> (Runtime, Version) {
        self.store.version(runtime, version).await.unwrap().unwrap()
    }

    pub async fn until_status(&self, runtime: &str, version: &str, status: Status) -> Version {
        let is_there = |found: &Version| found.status() == status && !found.unpublishing();
        let look = async || Some(self.rows(runtime, version).await.1).filter(is_there);
        if let Some(found) = testing::within_async(TIMEOUT, look).await {
            return found;
        }
        let (row, found) = self.rows(runtime, version).await;
        let nodes = self.cluster.nodes(&row, &found);
        panic!("{version} is {:?}, not {status:?}: {nodes:#?}\n{:#?}", found.status(), self.state());
    }

    pub async fn start_version(&self, runtime: &str, version: &str) {
        self.upload(runtime, version).await;
        self.take(Action::Start, runtime, version).await;
        self.until_status(runtime, version, Status::Started).await;
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}

/// Opens the store of a folder; a process that has ended releases it a moment later.
async fn open(folder: &Path, changes: ChangeBus) -> Store {
    testing::eventually_async("the folder is free", testing::DEADLINE, async || {
        match Store::open(folder, changes.clone()).await {
            Err(StoreError::Locked { .. }) => None,
            opened => Some(opened.unwrap()),
        }
    })
    .await
}

async fn take(store: &Store, manager: &Caller, action: Action, runtime: &str, version: &str) {
    let request = ActionRequest {
        runtime: runtime.to_owned(),
        version: version.to_owned(),
        action,
        reason: "because".to_owned(),
        idempotency_key: String::new(),
    };
    let deadlines = Deadlines { start: Duration::from_secs(300), publish: Duration::from_secs(300) };
    store.take_action(manager, request, deadlines).await.unwrap();
}

/// Waits until `what` holds.
pub async fn until(words: &str, what: impl AsyncFn() -> bool) {
    testing::eventually_async(words, TIMEOUT, async || what().await.then_some(())).await;
}
