//! Start, stop, failures, drift, and objects that are not ours.

use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Secret, Service};
use k8s_openapi::api::networking::v1::Ingress;
use krt::lifecycle::{Action, Status};
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;

use super::stage::{Stage, moments};
use app::model::Health;

#[tokio::test(flavor = "multi_thread")]
async fn a_start_ends_when_every_process_is_ready_and_a_stop_when_nothing_is_left() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    let (runtime, version) = stage.rows("v1").await;
    let nodes = stage.cluster.nodes(&runtime, &version);
    assert_eq!(nodes.len(), 3);
    assert!(nodes.iter().all(|node| node.health == Health::Started && node.ready == 1), "{nodes:#?}");
    assert_eq!(nodes[0].node, "entrypoint");
    assert_eq!(stage.names::<Service>().await, ["v1"]);
    assert!(stage.names::<Ingress>().await.is_empty());
    assert_eq!(stage.cluster.address_inside(&runtime, &version).as_deref(), Some("v1.kre-demo.svc:9000"));
    let objects = stage.cluster.objects(&runtime, &version, "").await.unwrap().objects;
    assert!(
        objects.iter().any(|object| object.kind == "Pod") && objects.iter().all(|object| object.yaml.contains("v1"))
    );

    stage.take(Action::Stop, "v1").await;
    stage.until_status("v1", Status::Stopped).await;
    assert!(stage.names::<Deployment>().await.is_empty() && stage.names::<Pod>().await.is_empty());
    assert!(stage.names::<Service>().await.is_empty() && stage.names::<Secret>().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_each_pod_is_saved_before_it_is_deleted() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    stage.take(Action::Stop, "v1").await;
    let stopped = stage.until_status("v1", Status::Stopped).await;
    let logs = stage.store.saved_logs(&stopped.uid, 0, 10, |_| ()).await.unwrap().0;
    assert_eq!(logs.len(), 3);
    assert!(logs.iter().all(|log| !log.lines.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_start_keeps_the_last_lines_of_the_failed_process() {
    let stage = Stage::new().await;
    stage.upload("v1", "sim-crash").await;
    stage.take(Action::Start, "v1").await;
    let version = stage.until("v1", |row| row.failure.is_some()).await;
    let lines = version.failure.unwrap().last_lines;
    assert!((1..=20).contains(&lines.len()), "{lines:?}");
    let stopped = stage.until_status("v1", Status::Stopped).await;
    assert!(!stage.store.saved_logs(&stopped.uid, 0, 10, |_| ()).await.unwrap().0.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_cannot_succeed_is_stopped_and_keeps_its_causes_and_last_lines() {
    for (tag, words) in
        [("sim-fail", "cannot pull image"), ("sim-crash", "crashed"), ("sim-oom", "exceeding its memory limit")]
    {
        let stage = Stage::new().await;
        stage.upload("v1", tag).await;
        stage.take(Action::Start, "v1").await;
        let version = stage.until("v1", |row| row.failure.is_some()).await;
        let failure = version.failure.unwrap();
        assert_eq!(failure.action, Action::Start);
        assert_eq!(failure.chain[0], "v1 did not start.");
        assert!(failure.chain[1].starts_with("Node \"greeter\" (workflow greeting) "), "{:?}", failure.chain);
        assert!(failure.chain[1].contains(words), "{:?}", failure.chain);
        assert_eq!(failure.process, Some(("greeting".to_owned(), "greeter".to_owned())));
        assert!(failure.last_lines.len() <= 20);
        let stopped = stage.until_status("v1", Status::Stopped).await;
        assert!(stopped.failure.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_may_still_recover_fails_at_its_deadline() {
    let stage = Stage::with_deadline(Duration::from_secs(1)).await;
    stage.upload("v1", "sim-unschedulable").await;
    stage.take(Action::Start, "v1").await;
    let version = stage.until("v1", |row| row.failure.is_some()).await;
    let chain = version.failure.unwrap().chain;
    assert_eq!(chain[0], "v1 did not start within 1 second.");
    assert!(chain[1].contains("no cluster node has room"), "{chain:?}");
    stage.until_status("v1", Status::Stopped).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_can_be_aborted() {
    let stage = Stage::new().await;
    stage.upload("v1", "sim-unschedulable").await;
    stage.take(Action::Start, "v1").await;
    testing::eventually_async("a Deployment", testing::DEADLINE, async || {
        (!stage.names::<Deployment>().await.is_empty()).then_some(())
    })
    .await;
    stage.take(Action::Stop, "v1").await;
    let stopped = stage.until_status("v1", Status::Stopped).await;
    assert!(stopped.failure.is_none());
    assert!(stage.names::<Deployment>().await.is_empty() && stage.names::<Pod>().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_repaired_and_nothing_is_written_while_nothing_differs() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    let deployments = stage.api::<Deployment>();
    let name = krt::names::deployment("v1", "greeting", "greeter");
    let by_hand = Patch::Merge(json!({"spec": {"replicas": 0}}));
    deployments.patch(&name, &PatchParams::default(), &by_hand).await.unwrap();
    stage.api::<Service>().delete("v1", &Default::default()).await.unwrap();
    let is_repaired = async || {
        let replicas = deployments.get(&name).await.unwrap().spec.unwrap().replicas;
        replicas == Some(1) && stage.names::<Service>().await == ["v1"]
    };
    testing::eventually_async("the drift is repaired", testing::DEADLINE, async || is_repaired().await.then_some(()))
        .await;
    testing::eventually_async("everything is available again", testing::DEADLINE, async || {
        let all = deployments.list(&Default::default()).await.unwrap().items;
        let is_available = |one: &Deployment| {
            let status = one.status.clone().unwrap_or_default();
            status.observed_generation == one.metadata.generation && status.available_replicas == Some(1)
        };
        all.iter().all(is_available).then_some(())
    })
    .await;
    stage.embedded.settle().await;
    stage.passes().await;
    let versions = async || {
        let written = deployments.list(&Default::default()).await.unwrap();
        written.items.iter().map(|object| object.metadata.resource_version.clone()).collect::<Vec<_>>()
    };
    let before = versions().await;
    stage.changes.notify(crate::changes::Change::Everything);
    stage.passes().await;
    assert_eq!(versions().await, before);
    assert_eq!(stage.row("v1").await.status(), Status::Started);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_a_killed_reconciler_is_finished_by_the_next() {
    let mut stage = Stage::new().await;
    stage.upload("v1", "latest").await;
    let mut interrupted = 0;
    for wait in moments() {
        for (action, status) in [(Action::Start, Status::Started), (Action::Stop, Status::Stopped)] {
            stage.take(action, "v1").await;
            // Anywhere in its work, not a proof of anything.
            tokio::time::sleep(Duration::from_millis(wait)).await;
            stage.kill().await;
            interrupted += u32::from(stage.row("v1").await.status() != status);
            stage.restart().await;
            stage.until_status("v1", status).await;
        }
    }
    assert!(interrupted > 0, "no work was interrupted");
    assert!(stage.names::<Deployment>().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_that_are_not_ours_are_neither_written_nor_deleted() {
    let mut stage = Stage::new().await;
    stage.start("v0").await;
    stage.hurry(Duration::from_secs(2));
    let other = |name: &str, instance: &str| -> Service {
        let labels = json!({
            "krt-console.io/instance": instance, "krt-console.io/runtime": "demo", "krt-console.io/version-uid": "u",
        });
        let ports = json!([{"port": 1}]);
        serde_json::from_value(json!({"metadata": {"name": name, "labels": labels}, "spec": {"ports": ports}})).unwrap()
    };
    let services = stage.api::<Service>();
    for name in ["another", "v1"] {
        services.create(&PostParams::default(), &other(name, "another")).await.unwrap();
    }
    let plain: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "plain"}})).unwrap();
    stage.api::<ConfigMap>().create(&PostParams::default(), &plain).await.unwrap();

    stage.upload("v1", "latest").await;
    stage.take(Action::Start, "v1").await;
    let version = stage.until("v1", |row| row.failure.is_some()).await;
    let chain = version.failure.unwrap().chain.join(" ");
    assert!(chain.contains("Service v1 in namespace kre-demo does not belong to this console"), "{chain}");
    stage.until_status("v1", Status::Stopped).await;
    stage.take(Action::Stop, "v0").await;
    stage.until_status("v0", Status::Stopped).await;
    assert_eq!(stage.names::<Service>().await, ["another", "v1"]);
    assert!(stage.names::<ConfigMap>().await.contains(&"plain".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_of_no_running_version_are_pruned() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    stage.lose("lost", "unknown").await;
    stage.is_pruned("lost").await;
    assert_eq!(stage.row("v1").await.status(), Status::Started);
}
