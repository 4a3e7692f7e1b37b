//! A cluster that is unreachable, silent, slow, or throttles, expires watches and rejects calls: the console reports it
//! and catches up.

use std::collections::BTreeSet;
use std::time::Duration;

use embedded_cluster::EmbeddedCluster;
use k8s_openapi::api::apps::v1::Deployment;
use krt::lifecycle::{Action, Status};
use kube::api::DeleteParams;
use kube::{Api, ResourceExt};
use tempfile::TempDir;

use crate::console::{Console, TIMEOUT, until};
use crate::embedded;
use crate::proxy::{Fault, Proxy};

/// A console with the runtime `demo`, behind a proxy.
pub struct Stage {
    cluster: EmbeddedCluster,
    pub proxy: Proxy,
    pub console: Console,
    _folder: TempDir,
}

impl Stage {
    pub async fn new() -> Stage {
        Stage::with(Fault::None).await
    }

    async fn with(fault: Fault) -> Stage {
        let cluster = embedded().await;
        let proxy = Proxy::start(cluster.router()).await;
        proxy.fault(fault);
        let folder = TempDir::new().unwrap();
        let console = Console::start(folder.path(), proxy.connection(folder.path())).await;
        console.runtime("demo").await;
        Stage { cluster, proxy, console, _folder: folder }
    }

    /// Deletes a Deployment without the console, and waits until the console has recreated it.
    async fn repairs(&self) {
        let client = kube::Client::new(self.cluster.router(), "default");
        let api = Api::<Deployment>::namespaced(client, "kre-demo");
        let found = api.list(&Default::default()).await.unwrap().items.remove(0);
        api.delete(&found.name_any(), &DeleteParams::background()).await.unwrap();
        until("the Deployment is there again", async || {
            api.get_opt(&found.name_any()).await.unwrap().is_some_and(|new| new.uid() != found.uid())
        })
        .await;
    }

    async fn is_reached(&self) {
        until("the cluster is reached", async || self.console.state().unreachable.is_none()).await;
    }

    async fn is_unreachable(&self) {
        until("it reports the cluster as unreachable", async || self.console.state().unreachable.is_some()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_cluster_is_reported_and_actions_taken_meanwhile_are_done_when_it_is_back() {
    let stage = Stage::new().await;
    stage.console.start_version("demo", "v1").await;
    stage.proxy.go_away();
    stage.is_unreachable().await;
    until("and why", async || {
        stage.console.state().unreachable.is_some_and(|gone| gone.why.to_lowercase().contains("refused"))
    })
    .await;
    let since = || stage.console.state().unreachable.map(|gone| gone.since);
    let first = since();
    stage.console.take(Action::Stop, "demo", "v1").await;
    // The proxy counts connections, which end without a response: watches restart, which does not count as one.
    stage.proxy.fault(Fault::Drop);
    stage.proxy.come_back().await;
    let attempts = || stage.proxy.times("CONNECT").len();
    until("the cluster is tried again and again", async || attempts() >= 20).await;
    assert_eq!(since(), first, "since when stays");
    assert_eq!(stage.console.rows("demo", "v1").await.1.status(), Status::Stopping);

    stage.proxy.fault(Fault::None);
    stage.console.until_status("demo", "v1", Status::Stopped).await;
    stage.is_reached().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_starts_without_its_cluster_finds_it_when_it_comes() {
    let cluster = embedded().await;
    let proxy = Proxy::start(cluster.router()).await;
    proxy.go_away();
    let folder = TempDir::new().unwrap();
    let console = Console::start(folder.path(), proxy.connection(folder.path())).await;
    assert!(console.state().unreachable.is_some());
    console.runtime("demo").await;
    console.upload("demo", "v1").await;
    console.take(Action::Start, "demo", "v1").await;
    proxy.come_back().await;
    console.until_status("demo", "v1", Status::Started).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_cluster_is_reported_as_unreachable_though_its_connections_are_open() {
    let stage = Stage::new().await;
    stage.console.start_version("demo", "v1").await;
    stage.proxy.fault(Fault::Hang);
    stage.is_unreachable().await;
    stage.proxy.fault(Fault::None);
    stage.is_reached().await;
    stage.repairs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_cluster_is_waited_for() {
    let stage = Stage::with(Fault::Delay(Duration::from_millis(250))).await;
    stage.console.start_version("demo", "v1").await;
    stage.console.take(Action::Publish, "demo", "v1").await;
    stage.console.until_status("demo", "v1", Status::Published).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_call_is_retried_after_the_requested_time_and_not_before() {
    let stage = Stage::new().await;
    stage.console.upload("demo", "v1").await;
    stage.proxy.fault(Fault::Throttle(1));
    let before = stage.proxy.calls().len();
    stage.console.take(Action::Start, "demo", "v1").await;
    // What the reconciler asks first: watches, the probe of the version and access reviews retry for themselves.
    let is_own =
        |call: &&String| !call.contains('?') && !call.contains("accessreviews") && call.as_str() != "GET /version";
    let times = testing::eventually_async("a call is made three times", TIMEOUT, async || {
        let first = stage.proxy.calls()[before..].iter().find(is_own).cloned()?;
        Some(stage.proxy.times(&first)).filter(|times| times.len() >= 3)
    })
    .await;
    for (one, next) in times.iter().zip(&times[1..3]) {
        assert!(next.duration_since(*one) >= Duration::from_millis(990), "again after {:?}", next.duration_since(*one));
    }
    stage.proxy.fault(Fault::None);
    stage.console.until_status("demo", "v1", Status::Started).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_watches_are_restarted_and_miss_nothing() {
    let stage = Stage::new().await;
    stage.console.start_version("demo", "v1").await;
    for _ in 0..testing::cases(3) {
        stage.proxy.expire_streams();
        stage.repairs().await;
    }
    let watches = |calls: &[String]| -> BTreeSet<String> {
        let watches = calls.iter().filter(|call| call.contains("watch=true") && !call.contains("resourceVersion=0"));
        watches.filter_map(|call| Some(call.split_once('?')?.0.to_owned())).collect()
    };
    let before = stage.proxy.calls();
    stage.proxy.fault(Fault::Expired);
    stage.proxy.cut_streams();
    until("every watch is expired", async || {
        watches(&stage.proxy.calls()[before.len()..]).is_superset(&watches(&before))
    })
    .await;
    stage.proxy.fault(Fault::None);
    stage.repairs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_watches_resume_and_miss_nothing() {
    let stage = Stage::new().await;
    stage.console.start_version("demo", "v1").await;
    for _ in 0..testing::cases(5) {
        stage.proxy.cut_streams();
        stage.repairs().await;
    }
    assert_eq!(stage.console.state().unreachable, None, "a watch ends now and then");
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_are_retried() {
    let stage = Stage::new().await;
    for (action, status) in [
        (Action::Publish, Status::Published),
        (Action::Unpublish, Status::Started),
        (Action::Stop, Status::Stopped),
        (Action::Start, Status::Started),
    ] {
        if action == Action::Publish {
            stage.console.start_version("demo", "v1").await;
        }
        stage.proxy.fault(Fault::Conflict(3));
        stage.console.take(action, "demo", "v1").await;
        stage.console.until_status("demo", "v1", status).await;
        assert_eq!(stage.console.rows("demo", "v1").await.1.failure, None, "{action:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_may_not_be_watched_everywhere_is_watched_in_each_namespace_until_it_may() {
    let everywhere = ["/api/v1/pods", "/apis/apps/v1/deployments"];
    let stage = Stage::with(Fault::Forbid(everywhere.to_vec())).await;
    stage.console.start_version("demo", "v1").await;
    stage.is_reached().await;
    let calls = stage.proxy.calls().join("\n");
    assert!(calls.contains("GET /apis/apps/v1/namespaces/kre-demo/deployments?"), "{calls}");

    // Forbidden in every namespace, for a while.
    stage.proxy.fault(Fault::Forbid(vec!["/deployments"]));
    stage.proxy.cut_streams();
    stage.is_unreachable().await;
    let why = stage.console.state().unreachable.unwrap().why;
    assert!(why.contains("forbidden"), "{why}");
    let before = stage.proxy.calls().len();
    stage.proxy.fault(Fault::None);
    stage.is_reached().await;
    until("one watch over all namespaces again", async || {
        let calls = stage.proxy.calls();
        calls[before..]
            .iter()
            .any(|call| call.starts_with("GET /apis/apps/v1/deployments?") && call.contains("watch=true"))
    })
    .await;
    stage.repairs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_reported_on_the_version_until_it_ends() {
    let stage = Stage::new().await;
    stage.console.start_version("demo", "v1").await;
    stage.proxy.fault(Fault::Forbid(vec!["/namespaces/kre-demo/configmaps/"]));
    stage.console.take(Action::Stop, "demo", "v1").await;
    let said = async || stage.console.cluster.last_rejection(&stage.console.rows("demo", "v1").await.1);
    until("the rejection is reported", async || said().await.is_some()).await;
    let words = said().await.unwrap();
    assert!(words.contains("delete the ConfigMap") && words.contains("forbidden"), "{words}");
    stage.proxy.fault(Fault::None);
    stage.console.until_status("demo", "v1", Status::Stopped).await;
    until("the rejection is gone", async || said().await.is_none()).await;
}
