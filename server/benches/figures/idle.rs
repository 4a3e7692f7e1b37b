//! The idle cost of a console with many runtimes: memory, and calls to the API server.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use app::model::{ActionRequest, Caller, NewRuntime, PackageInfo};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use embedded_cluster::{EmbeddedCluster, Options};
use k8s_openapi::api::apps::v1::Deployment;
use krt::lifecycle::Action;
use krt::roles::Role;
use kube::Api;
use server::changes::ChangeBus;
use server::store::{Deadlines, NewVersion, Store};
use tokio::net::TcpListener;

const RUNTIMES: usize = 100;
/// Versions of each runtime; the first of them runs.
const VERSIONS: usize = 10;
/// How long calls are counted.
const COUNTED: Duration = Duration::from_secs(15);

const MANIFEST: &str = "version: VERSION
description: Idle.
entrypoint: { proto: public_input.proto, image: 'konstellation/kre-entrypoint:latest' }
nodes:
  - { name: waiter, image: 'konstellation/kre-py:latest', src: waiter.py }
workflows:
  - { name: waiting, entrypoint: Wait, sequential: [waiter] }
";

pub struct Idle {
    /// Resident memory of the console, in bytes.
    pub memory: u64,
    pub calls_per_minute: u64,
}

/// Which watches the console is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watches {
    /// One watch for each kind, over all namespaces.
    Everywhere,
    /// One watch for each kind and namespace.
    InEachNamespace,
}

/// Measures a hundred runtimes with a thousand versions, a hundred of which run.
pub fn idle(program: &Path, watches: Watches) -> Idle {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        populate(folder.path()).await;
        let cluster = EmbeddedCluster::open(None, Options { speed: 50.0, seed: Some(1), ..Options::default() })
            .await
            .expect("a cluster");
        let calls = Arc::new(AtomicU64::new(0));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(axum::serve(listener, counted(cluster.router(), calls.clone(), watches)).into_future());
        let kubeconfig = folder.path().join("kubeconfig.yaml");
        std::fs::write(&kubeconfig, embedded_cluster::kubeconfig(address)).expect("a file");

        let mut process = console(program, folder.path(), &kubeconfig);
        all_run(&kube::Client::new(cluster.router(), "default")).await;
        // Until the calls caused by the starts are over.
        tokio::time::sleep(Duration::from_secs(5)).await;
        let before = calls.load(Ordering::Relaxed);
        tokio::time::sleep(COUNTED).await;
        let counted = calls.load(Ordering::Relaxed) - before;
        let memory = super::starts::resident(process.id());
        let _ = process.kill();
        let _ = process.wait();
        cluster.shutdown().await;
        Idle { memory, calls_per_minute: counted * 60 / COUNTED.as_secs() }
    })
}

fn console(program: &Path, folder: &Path, kubeconfig: &Path) -> Child {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "off", "--cluster", "kubeconfig", "--kubeconfig"]);
    command.arg(kubeconfig).arg("--data").arg(folder.join("data")).stdout(Stdio::null());
    command.spawn().expect("the console starts")
}

/// Fills a store as after long use: all versions uploaded, one version of each runtime started.
async fn populate(folder: &Path) {
    let store = Store::open(&folder.join("data"), ChangeBus::default()).await.expect("a store");
    let manager = store.ensure_user("ada", Role::Manager).await.expect("a user");
    for number in 0..RUNTIMES {
        let id = format!("r{number}");
        let new = NewRuntime {
            id: id.clone(),
            name: id.clone(),
            namespace: format!("kre-{id}"),
            idempotency_key: id.clone(),
            ..NewRuntime::default()
        };
        store.create_runtime(&manager, new).await.expect("a runtime");
        for version in 0..VERSIONS {
            upload(&store, &manager, &id, &format!("v{version}")).await;
        }
        let request = ActionRequest {
            runtime: id,
            version: "v0".to_owned(),
            action: Action::Start,
            reason: "measured".to_owned(),
            idempotency_key: String::new(),
        };
        let deadlines = Deadlines { start: Duration::from_secs(600), publish: Duration::from_secs(600) };
        store.take_action(&manager, request, deadlines).await.expect("a start");
    }
}

async fn upload(store: &Store, manager: &Caller, runtime: &str, version: &str) {
    let text = MANIFEST.replace("VERSION", version);
    let manifest = krt::package::check_bare(text.as_bytes()).manifest.expect("a correct manifest");
    let package = PackageInfo {
        sha256: format!("{version:0>64}"),
        size: 1,
        unpacked: 1,
        members: 1,
        file: "measured.krt".to_owned(),
    };
    let new = NewVersion {
        runtime: runtime.to_owned(),
        reason: "measured".to_owned(),
        idempotency_key: format!("{runtime} {version}"),
        manifest,
        manifest_text: text,
        diagnostics: Vec::new(),
        package,
        members: Vec::new(),
    };
    store.create_version(manager, new).await.expect("a version");
}

/// The cluster with its calls counted; rejects calls over all namespaces where only single namespaces are allowed.
fn counted(router: Router, calls: Arc<AtomicU64>, watches: Watches) -> Router {
    router.layer(from_fn(move |request: Request, next: Next| {
        calls.fetch_add(1, Ordering::Relaxed);
        let path = request.uri().path();
        let is_wide = !path.contains("/namespaces") && path.split('/').count() > 3 && request.method() == "GET";
        async move {
            if is_wide && watches == Watches::InEachNamespace {
                let status = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Forbidden","code":403,"message":"not everywhere"}"#;
                return (StatusCode::FORBIDDEN, [("content-type", "application/json")], status).into_response();
            }
            next.run(request).await
        }
    }))
}

/// Waits until two Deployments of each runtime are available.
async fn all_run(client: &kube::Client) {
    let begin = Instant::now();
    let api = Api::<Deployment>::all(client.clone());
    loop {
        let found = api.list(&Default::default()).await.expect("a list");
        let is_available = |one: &&Deployment| {
            one.status.as_ref().and_then(|status| status.available_replicas).is_some_and(|count| count > 0)
        };
        let available = found.items.iter().filter(is_available).count();
        if available >= 2 * RUNTIMES {
            return;
        }
        assert!(begin.elapsed() < Duration::from_secs(120), "only {available} Deployments are available");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
