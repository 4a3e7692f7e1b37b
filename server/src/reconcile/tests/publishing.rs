//! Publish, replace, unpublish, and their failures.

use std::time::Duration;

use futures::StreamExt;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use krt::lifecycle::{Action, Status};
use krt::names::ACTIVE_ENTRYPOINT;
use kube::api::{Patch, PatchParams};
use kube::runtime::watcher;
use kube::{Api, ResourceExt};
use serde_json::json;

use super::stage::{Stage, moments};

/// A Service that ends [`selectors_of`].
const END: &str = "end";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_publish_creates_the_ingress_and_an_unpublish_deletes_it() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    stage.publish("v1").await;
    assert_eq!(stage.names::<Service>().await, [ACTIVE_ENTRYPOINT]);
    assert_eq!(stage.names::<Ingress>().await, [ACTIVE_ENTRYPOINT]);
    assert_eq!(stage.active().await.as_deref(), Some("v1"));
    let (runtime, version) = stage.rows("v1").await;
    let outside = stage.cluster.address_outside(&runtime, &version);
    assert_eq!(outside.as_deref(), Some("demo-entrypoint.localhost:80"));

    stage.take(Action::Unpublish, "v1").await;
    stage.until_status("v1", Status::Started).await;
    assert_eq!(stage.names::<Service>().await, ["v1"]);
    assert!(stage.names::<Ingress>().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacing_publish_switches_one_service_that_is_never_deleted_and_never_empty() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    stage.publish("v1").await;
    stage.start("v2").await;
    let before = stage.api::<Service>().get(ACTIVE_ENTRYPOINT).await.unwrap();
    let watched = tokio::spawn(selectors_of(stage.api()));

    let mut expected = vec![Some("v1-entrypoint".to_owned())];
    for _ in 1..testing::effort() {
        stage.publish("v2").await;
        stage.publish("v1").await;
        expected.extend(["v2", "v1"].map(|version| Some(format!("{version}-entrypoint"))));
    }
    stage.publish("v2").await;
    expected.push(Some("v2-entrypoint".to_owned()));
    let (runtime, old) = stage.rows("v1").await;
    assert_eq!(old.status(), Status::Started, "both change in one step");
    assert_eq!(runtime.published, Some(stage.row("v2").await.uid));
    assert_eq!(stage.active().await.as_deref(), Some("v2"));
    assert_eq!(stage.names::<Service>().await, [ACTIVE_ENTRYPOINT, "v1"]);
    let after = stage.api::<Service>().get(ACTIVE_ENTRYPOINT).await.unwrap();
    assert_eq!(after.metadata.uid, before.metadata.uid, "never deleted and created again");
    let end = json!({"metadata": {"name": END}, "spec": {"ports": [{"port": 80}]}});
    stage.api::<Service>().create(&Default::default(), &serde_json::from_value(end).unwrap()).await.unwrap();
    let selectors = tokio::time::timeout(testing::DEADLINE, watched).await.unwrap().unwrap();
    assert_eq!(selectors, expected);

    stage.take(Action::Stop, "v1").await;
    stage.until_status("v1", Status::Stopped).await;
    assert_eq!(stage.active().await.as_deref(), Some("v2"), "a stop leaves the public objects alone");
    assert_eq!(stage.names::<Ingress>().await, [ACTIVE_ENTRYPOINT]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_publish_leaves_the_other_version_published() {
    let mut stage = Stage::new().await;
    stage.start("v1").await;
    stage.publish("v1").await;
    stage.start("v2").await;
    // The new version has no entrypoint during the publish, however often the reconciler restores it.
    stage.kill().await;
    let deployments = stage.api::<k8s_openapi::api::apps::v1::Deployment>();
    let name = krt::names::entrypoint_deployment("v2");
    let broken = Patch::Strategic(json!({"spec": {"replicas": 0}}));
    deployments.patch(&name, &PatchParams::default(), &broken).await.unwrap();
    testing::eventually_async("v2 has no ready entrypoint", testing::DEADLINE, async || {
        let status = deployments.get(&name).await.unwrap().status?;
        matches!(status.ready_replicas, None | Some(0)).then_some(())
    })
    .await;
    stage.hurry(Duration::from_secs(3));
    stage.take(Action::Publish, "v2").await;
    stage.restart().await;
    let breaking = async {
        loop {
            let _ = deployments.patch(&name, &PatchParams::default(), &broken).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let failed = stage.until("v2", |row| row.status() != Status::Publishing);
    let version = tokio::select! {
        version = failed => version,
        () = breaking => unreachable!(),
    };
    assert_eq!(version.status(), Status::Started);
    let failure = version.failure.unwrap();
    assert_eq!(failure.action, Action::Publish);
    assert_eq!(stage.row("v1").await.status(), Status::Published);
    assert_eq!(stage.active().await.as_deref(), Some("v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_publish_is_finished_by_the_next_process() {
    let mut stage = Stage::new().await;
    stage.start("v1").await;
    stage.publish("v1").await;
    stage.start("v2").await;
    let mut names = ["v2", "v1"];
    let mut interrupted = 0;
    for wait in moments() {
        let [new, old] = names;
        stage.take(Action::Publish, new).await;
        // Anywhere in its work, not a proof of anything.
        tokio::time::sleep(Duration::from_millis(wait)).await;
        stage.kill().await;
        interrupted += u32::from(stage.row(new).await.status() == Status::Publishing);
        stage.restart().await;
        stage.until_status(new, Status::Published).await;
        assert_eq!(stage.row(old).await.status(), Status::Started);
        assert_eq!(stage.active().await.as_deref(), Some(new));
        names.reverse();
    }
    assert!(interrupted > 0, "no publish was interrupted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_name_that_was_deleted_by_hand_is_recreated() {
    let stage = Stage::new().await;
    stage.start("v1").await;
    stage.publish("v1").await;
    stage.api::<Service>().delete(ACTIVE_ENTRYPOINT, &Default::default()).await.unwrap();
    stage.api::<Ingress>().delete(ACTIVE_ENTRYPOINT, &Default::default()).await.unwrap();
    testing::eventually_async("both are back", testing::DEADLINE, async || {
        let are_back = stage.active().await.is_some() && !stage.names::<Ingress>().await.is_empty();
        are_back.then_some(())
    })
    .await;
    assert_eq!(stage.row("v1").await.status(), Status::Published);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_is_always_rejected_fails_at_its_deadline() {
    let mut stage = Stage::new().await;
    stage.start("v1").await;
    stage.hurry(Duration::from_secs(2));
    let foreign = json!({"metadata": {"name": ACTIVE_ENTRYPOINT}, "spec": {"ports": [{"port": 80}]}});
    stage.api::<Service>().create(&Default::default(), &serde_json::from_value(foreign).unwrap()).await.unwrap();
    stage.take(Action::Publish, "v1").await;
    let version = stage.until("v1", |row| row.status() != Status::Publishing).await;
    assert_eq!(version.status(), Status::Started);
    let chain = version.failure.unwrap().chain.join(" ");
    assert!(chain.contains("does not belong to this console"), "{chain}");
    assert_eq!(stage.names::<Service>().await, [ACTIVE_ENTRYPOINT, "v1"], "foreign objects stay");
}

/// The successive values of the public Service's selector until the Service [`END`] is created; `None` where the public
/// Service was deleted or its selector was empty.
async fn selectors_of(services: Api<Service>) -> Vec<Option<String>> {
    let mut seen = Vec::new();
    let mut events = std::pin::pin!(watcher(services, watcher::Config::default()));
    while let Some(event) = events.next().await {
        let now = match event.unwrap() {
            watcher::Event::Apply(service) if service.name_any() == END => break,
            watcher::Event::Delete(service) if service.name_any() == ACTIVE_ENTRYPOINT => None,
            watcher::Event::Apply(service) | watcher::Event::InitApply(service)
                if service.name_any() == ACTIVE_ENTRYPOINT =>
            {
                service.spec.and_then(|spec| spec.selector?.get("version-name").cloned())
            }
            _ => continue,
        };
        if seen.last() != Some(&now) {
            seen.push(now);
        }
    }
    seen
}
