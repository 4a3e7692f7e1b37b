//! A console with an empty runtime `demo` and one caller of each role.

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::Duration;

use app::api::{Configurations, Runtimes, VersionActions};
use app::error::Error;
use app::model::{ActionRequest, Caller, ClusterKind, NewRuntime};
use bytes::Bytes;
use embedded_cluster::{EmbeddedCluster, Options};
use futures::stream::{self, Stream};
use krt::lifecycle::{Action, Event};
use krt::roles::Role;
use tempfile::TempDir;

use crate::changes::ChangeBus;
use crate::cluster::{self, Cluster};
use crate::live::Hub;
use crate::packages::Packages;
use crate::packages::tests::fixture;
use crate::platform::{Console, PlatformSettings, Upload, UploadOutcome};
use crate::store::{Deadlines, Store};
use crate::supervise::Supervisor;

pub const QUOTA: u64 = 1 << 20;

pub struct Fixture {
    pub console: Console,
    pub store: Store,
    pub packages: Packages,
    pub cluster: Cluster,
    pub hub: Hub,
    pub changes: ChangeBus,
    pub embedded: EmbeddedCluster,
    pub folder: TempDir,
    pub viewer: Caller,
    pub manager: Caller,
    pub admin: Caller,
}

impl Fixture {
    pub async fn new() -> Fixture {
        let folder = TempDir::new().unwrap();
        let changes = ChangeBus::default();
        let store = Store::open(folder.path(), changes.clone()).await.unwrap();
        let packages = Packages::open(folder.path(), QUOTA, &HashSet::new()).await.unwrap();
        let embedded = EmbeddedCluster::open(None, Options::default()).await.unwrap();
        let client = kube::Client::new(embedded.router(), "default");
        let kind = ClusterKind::Embedded;
        let cluster = Cluster::start(
            client,
            kind,
            cluster::ClusterSettings::default(),
            store.identity(),
            changes.clone(),
            Supervisor::default(),
        )
        .await
        .unwrap();
        let hub = Hub::new();
        let deadlines = Deadlines { start: Duration::from_secs(60), publish: Duration::from_secs(60) };
        let settings = PlatformSettings { deadlines, has_broker: false };
        let console = Console::new(store.clone(), packages.clone(), cluster.clone(), hub.clone(), settings);
        let viewer = store.ensure_user("vera", Role::Viewer).await.unwrap();
        let manager = store.ensure_user("mark", Role::Manager).await.unwrap();
        let admin = store.ensure_user("ada", Role::Admin).await.unwrap();
        let fixture =
            Fixture { console, store, packages, cluster, hub, changes, embedded, folder, viewer, manager, admin };
        fixture.console.create_runtime(&fixture.manager, runtime("demo")).await.unwrap();
        fixture
    }

    /// A fixture with these versions in `demo`.
    pub async fn with_versions(names: &[&str]) -> Fixture {
        let fixture = Fixture::new().await;
        for name in names {
            fixture.upload(&fixture::package(name)).await.unwrap();
        }
        fixture
    }

    pub async fn upload(&self, package: &[u8]) -> Result<UploadOutcome, Error> {
        self.console.upload(&self.manager, "demo", upload(""), body(package)).await
    }

    pub async fn take(&self, action: Action, version: &str) -> Result<(), Error> {
        self.console.take_action(&self.manager, request(action, version)).await
    }

    /// Records an event as the reconciler would.
    pub async fn record(&self, event: Event, version: &str) {
        let (_, row) = self.store.version("demo", version).await.unwrap().unwrap();
        assert!(self.store.record_event(&row.uid, event, None).await.unwrap());
    }

    /// Sets the configuration and starts a stopped version.
    pub async fn run(&self, version: &str) {
        let values = vec![("GREETING".to_owned(), "hello".to_owned())];
        self.console.set_configuration(&self.manager, "demo", version, values).await.unwrap();
        self.take(Action::Start, version).await.unwrap();
        self.record(Event::Ready, version).await;
    }
}

pub fn runtime(id: &str) -> NewRuntime {
    NewRuntime { id: id.to_owned(), name: id.to_uppercase(), ..NewRuntime::default() }
}

pub fn request(action: Action, version: &str) -> ActionRequest {
    ActionRequest {
        runtime: "demo".to_owned(),
        version: version.to_owned(),
        action,
        reason: "because".to_owned(),
        idempotency_key: String::new(),
    }
}

pub fn upload(form: &str) -> Upload {
    Upload {
        file_name: "greeter.krt".to_owned(),
        reason: "Uploaded greeter.krt".to_owned(),
        idempotency_key: form.to_owned(),
    }
}

pub fn body(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + use<> {
    let pieces: Vec<_> = bytes.chunks(300).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}
