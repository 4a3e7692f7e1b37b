//! A store, an embedded cluster that runs fast, and the reconciler between them.

use std::time::Duration;

use app::model::{ActionRequest, Caller, NewRuntime, PackageInfo};
use embedded_cluster::{EmbeddedCluster, Options};
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use krt::lifecycle::{Action, Status};
use krt::names::ACTIVE_ENTRYPOINT;
use krt::roles::Role;
use kube::Api;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::changes::ChangeBus;
use crate::cluster::objects::fixtures::manifest;
use crate::cluster::{Cluster, ClusterSettings, Connection, connect};
use crate::state::{Runtime, Version};
use crate::store::{Deadlines, NewVersion, Store};
use crate::supervise::Supervisor;

/// The cluster runs ten times as fast as real time. At a higher speed, a busy machine could not let a process crash
/// within the few seconds after which the process counts as available.
const SPEED: f64 = 10.0;

/// How long a test waits before it fails: far longer than anything takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Moments at which the tests kill the reconciler after an action, in milliseconds: more of them with a higher effort.
pub(super) fn moments() -> impl Iterator<Item = u64> {
    (0..u64::from(testing::effort())).flat_map(|round| [0, 5, 10, 20, 40, 80].map(|wait| wait + 3 * round))
}

pub(super) struct Stage {
    pub(super) store: Store,
    pub(super) embedded: EmbeddedCluster,
    pub(super) cluster: Cluster,
    /// Accesses the cluster without the console.
    pub(super) client: kube::Client,
    pub(super) changes: ChangeBus,
    manager: Caller,
    deadlines: Deadlines,
    settings: ClusterSettings,
    shutdown: CancellationToken,
    running: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl Stage {
    pub(super) async fn new() -> Stage {
        Stage::with_deadline(Duration::from_secs(300)).await
    }

    /// With a runtime `demo`, the reconciler running.
    pub(super) async fn with_deadline(deadline: Duration) -> Stage {
        let folder = TempDir::new().unwrap();
        let changes = ChangeBus::default();
        let store = Store::open(folder.path(), changes.clone()).await.unwrap();
        let manager = store.ensure_user("ada", Role::Manager).await.unwrap();
        let new = NewRuntime {
            id: "demo".to_owned(),
            name: "Demo".to_owned(),
            description: String::new(),
            namespace: "kre-demo".to_owned(),
            idempotency_key: String::new(),
        };
        store.create_runtime(&manager, new).await.unwrap();
        let embedded =
            EmbeddedCluster::open(None, Options { speed: SPEED, seed: Some(1), ..Options::default() }).await.unwrap();
        let client = kube::Client::new(embedded.router(), "default");
        let settings = ClusterSettings {
            grace_period: Duration::from_millis(300),
            crash_limit: 2,
            start_deadline: deadline,
            ..ClusterSettings::default()
        };
        let cluster = watch(&embedded, &settings, &store, &changes).await;
        let mut stage = Stage {
            store,
            embedded,
            cluster,
            client,
            changes,
            manager,
            deadlines: Deadlines { start: deadline, publish: deadline },
            settings,
            shutdown: CancellationToken::new(),
            running: None,
            _folder: folder,
        };
        stage.run();
        stage
    }

    /// Ends the reconciler like a killed process, in the middle of its work.
    pub(super) async fn kill(&mut self) {
        let running = self.running.take().unwrap();
        running.abort();
        let _ = running.await;
    }

    /// A new process on the same files: fresh watches, fresh tasks.
    pub(super) async fn restart(&mut self) {
        self.cluster = watch(&self.embedded, &self.settings, &self.store, &self.changes).await;
        self.shutdown = CancellationToken::new();
        self.run();
    }

    fn run(&mut self) {
        let run = super::super::run(
            self.store.clone(),
            self.cluster.clone(),
            self.changes.clone(),
            Supervisor::default(),
            self.shutdown.clone(),
        );
        self.running = Some(tokio::spawn(run));
    }

    /// Uploads a version of this name: the greeter, with this image tag in its first node.
    pub(super) async fn upload(&self, name: &str, tag: &str) {
        // A v1 text gives both workflows the same node, with the same image.
        let greeter = manifest(&crate::cluster::objects::fixtures::GREETER.replacen("greeter-v1", name, 1));
        let mut contents = serde_json::to_value(greeter).unwrap();
        contents["workflows"][0]["nodes"][0]["image"] = format!("konstellation/kre-py:{tag}").into();
        let manifest = serde_json::from_value(contents).unwrap();
        let package =
            PackageInfo { sha256: format!("{name:0>64}"), size: 1, unpacked: 1, members: 1, file: "p.krt".to_owned() };
        let new = NewVersion {
            runtime: "demo".to_owned(),
            reason: "Uploaded".to_owned(),
            idempotency_key: String::new(),
            manifest,
            manifest_text: String::new(),
            diagnostics: Vec::new(),
            package,
            members: Vec::new(),
        };
        self.store.create_version(&self.manager, new).await.unwrap();
    }

    /// Sets the deadline of later actions. Preparations keep the long one, since a short deadline could pass on a busy
    /// machine before they are done.
    pub(super) fn hurry(&mut self, deadline: Duration) {
        self.deadlines = Deadlines { start: deadline, publish: deadline };
    }

    pub(super) async fn take(&self, action: Action, version: &str) {
        let request = ActionRequest {
            runtime: "demo".to_owned(),
            version: version.to_owned(),
            action,
            reason: "because".to_owned(),
            idempotency_key: String::new(),
        };
        self.store.take_action(&self.manager, request, self.deadlines).await.unwrap();
    }

    pub(super) async fn rows(&self, version: &str) -> (Runtime, Version) {
        self.store.version("demo", version).await.unwrap().unwrap()
    }

    pub(super) async fn row(&self, version: &str) -> Version {
        self.rows(version).await.1
    }

    /// Waits until `what` holds for a version, and returns the version.
    pub(super) async fn until(&self, version: &str, what: impl Fn(&Version) -> bool) -> Version {
        let waited = testing::within_async(TIMEOUT, async || Some(self.row(version).await).filter(&what)).await;
        if let Some(row) = waited {
            return row;
        }
        let (runtime, row) = self.rows(version).await;
        panic!("{version} is {:?}: {:#?}", row.status(), self.cluster.nodes(&runtime, &row));
    }

    pub(super) async fn until_status(&self, version: &str, status: Status) -> Version {
        self.until(version, |row| row.status() == status && !row.unpublishing()).await
    }

    pub(super) async fn start(&self, version: &str) {
        self.upload(version, "latest").await;
        self.take(Action::Start, version).await;
        self.until_status(version, Status::Started).await;
    }

    pub(super) async fn publish(&self, version: &str) {
        self.take(Action::Publish, version).await;
        self.until_status(version, Status::Published).await;
    }

    pub(super) fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), "kre-demo")
    }

    /// Creates an object that looks as if it belonged to a version of this uid, which does not exist.
    pub(super) async fn lose(&self, name: &str, uid: &str) {
        let labels = json!({
            "krt-console.io/instance": self.store.instance(), "krt-console.io/runtime": "demo",
            "krt-console.io/version-uid": uid,
        });
        let lost = serde_json::from_value(json!({"metadata": {"name": name, "labels": labels}})).unwrap();
        self.api::<ConfigMap>().create(&Default::default(), &lost).await.unwrap();
    }

    /// Waits until a lost object is pruned.
    pub(super) async fn is_pruned(&self, name: &str) {
        testing::eventually_async(name, testing::DEADLINE, async || {
            (!self.names::<ConfigMap>().await.contains(&name.to_owned())).then_some(())
        })
        .await;
    }

    /// Waits for a whole pass that begins after this call. A pass ends by pruning: what is lost first may be pruned by a
    /// pass that has begun already, what is lost afterwards is pruned by a later one.
    pub(super) async fn passes(&self) {
        for marker in ["marker-1", "marker-2"] {
            self.lose(marker, marker).await;
            self.is_pruned(marker).await;
        }
    }

    /// Names of everything of this kind in the runtime's namespace.
    pub(super) async fn names<K>(&self) -> Vec<String>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
        K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
    {
        let mut names: Vec<_> = self
            .api::<K>()
            .list(&Default::default())
            .await
            .unwrap()
            .items
            .iter()
            .map(kube::ResourceExt::name_any)
            .collect();
        names.sort();
        names
    }

    /// The version that `active-entrypoint` selects.
    pub(super) async fn active(&self) -> Option<String> {
        let service = self.api::<Service>().get_opt(ACTIVE_ENTRYPOINT).await.unwrap()?;
        service.spec?.selector?.get("version-name")?.strip_suffix("-entrypoint").map(str::to_owned)
    }
}

async fn watch(embedded: &EmbeddedCluster, settings: &ClusterSettings, store: &Store, changes: &ChangeBus) -> Cluster {
    let connection = Connection::Embedded(embedded.router());
    let kind = connection.kind();
    let client = connect(connection).await.unwrap();
    Cluster::start(client, kind, settings.clone(), store.identity(), changes.clone(), Supervisor::default())
        .await
        .unwrap()
}
