//! A store in a temporary folder, with a clock that tests set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::model::{ActionRequest, Caller, Failure, NewRuntime, PackageInfo, PackageMember, Timestamp};
use krt::check::{Analysis, Options, analyze};
use krt::lifecycle::{Action, Event, Status};
use krt::manifest::Manifest;
use krt::roles::Role;
use tempfile::TempDir;

use crate::changes::ChangeBus;
use crate::state::Version;
use crate::store::{ActionError, Deadlines, NewVersion, Store};

pub const DEADLINES: Deadlines = Deadlines { start: Duration::from_secs(300), publish: Duration::from_secs(60) };

/// When every test begins: 2026-11-21T09:00:00Z.
pub const START: i64 = 1_795_251_600_000;

pub struct Fixture {
    pub store: Store,
    pub changes: ChangeBus,
    pub clock: Arc<AtomicI64>,
    pub folder: TempDir,
    pub manager: Caller,
}

impl Fixture {
    pub async fn new() -> Fixture {
        let folder = TempDir::new().unwrap();
        let changes = ChangeBus::default();
        let clock = Arc::new(AtomicI64::new(START));
        let store = open(&folder, &changes, &clock).await;
        let manager = store.ensure_user("ada", Role::Manager).await.unwrap();
        Fixture { store, changes, clock, folder, manager }
    }

    /// With a runtime `demo` and these versions in it.
    pub async fn with_versions(names: &[&str]) -> Fixture {
        let fixture = Fixture::new().await;
        fixture.store.create_runtime(&fixture.manager, runtime("demo")).await.unwrap();
        for name in names {
            fixture.store.create_version(&fixture.manager, version("demo", name)).await.unwrap();
        }
        fixture
    }

    pub fn pass(&self, time: i64) {
        self.clock.fetch_add(time, Ordering::SeqCst);
    }

    pub async fn restart(self) -> Fixture {
        let Fixture { store, changes, clock, folder, manager } = self;
        // Background work holds the folder until it is done.
        testing::eventually_async("background work is done", testing::DEADLINE, async || {
            (Arc::strong_count(&store.0) == 1).then_some(())
        })
        .await;
        drop(store);
        let store = open(&folder, &changes, &clock).await;
        Fixture { store, changes, clock, folder, manager }
    }

    pub async fn row(&self, name: &str) -> Version {
        self.store.version("demo", name).await.unwrap().unwrap().1
    }

    pub async fn status(&self, name: &str) -> Status {
        self.row(name).await.status()
    }

    pub async fn take(&self, action: Action, name: &str) -> Result<(), ActionError> {
        self.store.take_action(&self.manager, request(action, name, ""), DEADLINES).await
    }

    pub async fn record(&self, event: Event, name: &str) -> bool {
        let failure = (event == Event::Failure).then(failure);
        self.store.record_event(&self.row(name).await.uid, event, failure).await.unwrap()
    }

    /// Takes a stopped version to started.
    pub async fn run(&self, name: &str) {
        self.take(Action::Start, name).await.unwrap();
        assert!(self.record(Event::Ready, name).await);
    }

    /// Takes a stopped version to published.
    pub async fn run_and_publish(&self, name: &str) {
        self.run(name).await;
        self.take(Action::Publish, name).await.unwrap();
        assert!(self.record(Event::Switched, name).await);
    }
}

async fn open(folder: &TempDir, changes: &ChangeBus, clock: &Arc<AtomicI64>) -> Store {
    let clock = clock.clone();
    let clock = Arc::new(move || Timestamp(clock.load(Ordering::SeqCst)));
    Store::open_with_clock(folder.path(), changes.clone(), clock).await.unwrap()
}

pub fn runtime(id: &str) -> NewRuntime {
    NewRuntime {
        id: id.to_owned(),
        name: id.to_uppercase(),
        description: String::new(),
        namespace: format!("kre-{id}"),
        idempotency_key: String::new(),
    }
}

pub fn version(runtime: &str, name: &str) -> NewVersion {
    NewVersion {
        runtime: runtime.to_owned(),
        reason: format!("Uploaded {name}.krt"),
        idempotency_key: String::new(),
        manifest: manifest(name),
        manifest_text: format!("version: {name}\n"),
        diagnostics: Vec::new(),
        package: PackageInfo {
            sha256: format!("{name:0>64}"),
            size: 100,
            unpacked: 200,
            members: 1,
            file: format!("{name}.krt"),
        },
        members: vec![PackageMember { path: "krt.yml".to_owned(), is_folder: false, size: 200 }],
    }
}

pub fn manifest(name: &str) -> Manifest {
    manifest_with_config(name, "{}")
}

/// A manifest with this `config`, for example `{variables: [URL]}`.
pub fn manifest_with_config(name: &str, config: &str) -> Manifest {
    let text = format!(
        "krtVersion: v2
version: {name}
description: Greets
entrypoint: {{proto: public.proto, image: konstellation/kre-entrypoint}}
config: {config}
workflows:
- name: greeting
  entrypoint: Greet
  exitpoint: greet
  nodes:
  - {{name: greet, image: konstellation/kre-py:latest, src: src/greet.py, subscriptions: [entrypoint]}}
"
    );
    let Analysis { manifest, diagnostics, .. } = analyze(&text, Options::MANIFEST);
    manifest.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

pub fn request(action: Action, version: &str, form: &str) -> ActionRequest {
    ActionRequest {
        runtime: "demo".to_owned(),
        version: version.to_owned(),
        action,
        reason: format!("to {} it", action.as_str()),
        idempotency_key: form.to_owned(),
    }
}

pub fn failure() -> Failure {
    Failure {
        at: Timestamp(START),
        action: Action::Start,
        chain: vec!["Start failed.".to_owned(), "Its image cannot be pulled.".to_owned()],
        process: Some(("greeting".to_owned(), "greet".to_owned())),
        last_lines: Vec::new(),
    }
}
