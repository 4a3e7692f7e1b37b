//! Behaviors that only the embedded cluster can show: simulated failures, clock steps, shutdown.

use std::time::Duration;

use embedded_cluster::Options;
use futures::TryStreamExt;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Pod, Secret, Service};
use kube::api::{DeleteParams, ListParams, WatchEvent, WatchParams};
use serde_json::json;

use crate::list::behaviors;
use crate::support::{Cluster, deployment, labelled, refusal, service, to, until};
use crate::workloads::available;

behaviors![
    images_fail_as_their_tag_requests embedded only: "image tags cause failures only in the simulation",
    a_pod_waits_for_the_secret_it_references embedded only: "a simulated kubelet need not check the objects that containers reference",
    a_running_init_container_ends_with_its_deleted_pod embedded only: "pods of a real cluster's tests run no code of their own",
    a_page_of_a_compacted_list_is_gone embedded only: "a real cluster compacts its store only every five minutes",
    a_clock_that_stands_still_moves_only_when_it_is_advanced embedded only: "tests cannot set the clock of a real cluster",
    a_shutdown_ends_watches embedded only: "tests cannot stop a real cluster",
    service_names_begin_with_a_letter_before_1_36 embedded only: "tests cannot choose the release of a real cluster",
];

async fn images_fail_as_their_tag_requests(cluster: &Cluster) {
    let cases = [
        ("sim-fail", "ImagePullBackOff"),
        ("1.0-sim-crash", "CrashLoopBackOff"),
        ("sim-oom", "CrashLoopBackOff"),
        ("sim-unschedulable", "Unschedulable"),
    ];
    let app = |tag: &str| format!("n{}", tag.replace('.', "-"));
    for (tag, _) in cases {
        let _: Deployment = cluster.create(deployment(&app(tag), &format!("image:{tag}"))).await.unwrap();
    }
    for (tag, reason) in cases {
        let status = until(reason, || async {
            let status = to(&cluster.pod(&app(tag)).await?)["status"].clone();
            let waiting = status["containerStatuses"][0]["state"]["waiting"]["reason"] == reason;
            let condition = status["conditions"][0]["reason"] == reason;
            (waiting || condition).then_some(status)
        })
        .await;
        let last = &status["containerStatuses"][0]["lastState"]["terminated"];
        match tag {
            "1.0-sim-crash" => assert_eq!((&last["exitCode"], &last["reason"]), (&json!(1), &json!("Error"))),
            "sim-oom" => assert_eq!((&last["exitCode"], &last["reason"]), (&json!(137), &json!("OOMKilled"))),
            _ => {}
        }
    }
    let events = cluster.api::<Event>().list(&ListParams::default().fields("reason=FailedScheduling")).await.unwrap();
    assert_eq!(events.items.len(), 1);
}

async fn a_pod_waits_for_the_secret_it_references(cluster: &Cluster) {
    let mut desired = deployment("a", "image:1");
    desired["spec"]["template"]["spec"]["containers"][0]["envFrom"] = json!([{ "secretRef": { "name": "later" } }]);
    let _: Deployment = cluster.create(desired).await.unwrap();
    until("the status names the missing Secret", || async {
        let status = to(&cluster.pod("a").await?)["status"]["containerStatuses"][0]["state"]["waiting"].clone();
        (status["message"] == "secret \"later\" not found").then_some(())
    })
    .await;
    let secret = json!({ "metadata": { "name": "later" }, "stringData": { "k": "v" } });
    let _: Secret = cluster.create(secret).await.unwrap();
    available(cluster, "a").await;
}

async fn a_running_init_container_ends_with_its_deleted_pod(_: &Cluster) {
    // Slow enough to meet the container while it runs.
    let slow = Cluster::with(None, Options { speed: 1.0, seed: Some(7), ..Options::default() }).await;
    slow.create_namespace(&slow.namespace).await;
    let pod = json!({
        "metadata": { "name": "p", "finalizers": ["example.com/hold"] },
        "spec": {
            "initContainers": [{ "name": "first", "image": "image:sim-crash" }],
            "containers": [{ "name": "main", "image": "image:1" }],
        },
    });
    let _: Pod = slow.create(pod).await.unwrap();
    let first =
        async || to(&slow.pods().get("p").await.unwrap())["status"]["initContainerStatuses"][0]["state"].clone();
    until("the init container runs", || async { first().await["running"].is_object().then_some(()) }).await;
    slow.pods().delete("p", &DeleteParams::default()).await.unwrap();
    let ended = until("it has ended", || async {
        let ended = first().await["terminated"].clone();
        ended.is_object().then_some(ended)
    })
    .await;
    assert_eq!((&ended["exitCode"], &ended["reason"]), (&json!(143), &json!("Error")));
    let status = to(&slow.pods().get("p").await.unwrap())["status"].clone();
    assert_eq!(status["phase"], "Failed");
    assert!(status["containerStatuses"][0]["state"]["waiting"].is_object(), "the main container never ran: {status}");
}

async fn a_page_of_a_compacted_list_is_gone(cluster: &Cluster) {
    for name in ["a", "b"] {
        let _: ConfigMap = cluster.create(labelled(name, "x", "1")).await.unwrap();
    }
    let params = ListParams::default().limit(1).labels("l=x");
    let token = cluster.config_maps().list(&params).await.unwrap().metadata.continue_.unwrap();
    cluster.compact().await;
    let (code, reason, _) = refusal(cluster.config_maps().list(&params.continue_token(&token)).await);
    assert_eq!((code, reason.as_str()), (410, "Expired"));
}

async fn a_clock_that_stands_still_moves_only_when_it_is_advanced(_: &Cluster) {
    let still = Cluster::with(None, Options { speed: 0.0, seed: Some(7), ..Options::default() }).await;
    still.create_namespace(&still.namespace).await;
    let clock = still.simulated();
    let mut desired = deployment("a", "image:1");
    desired["spec"]["minReadySeconds"] = json!(40);
    let _: Deployment = still.create(desired).await.unwrap();
    let state = async || {
        clock.settle().await;
        let (pod, deployment) = (to(&still.pod("a").await.unwrap()), to(&still.deployments().get("a").await.unwrap()));
        (pod["status"]["phase"].clone(), deployment["status"]["availableReplicas"].clone())
    };
    assert_eq!(state().await, (json!("Pending"), json!(null)));
    // The pod starts within a few seconds, each of its steps at its time.
    clock.advance(Duration::from_secs(30)).await;
    assert_eq!(state().await, (json!("Running"), json!(null)));
    clock.advance(Duration::from_secs(5)).await;
    assert_eq!(state().await, (json!("Running"), json!(null)));
    clock.advance(Duration::from_secs(35)).await;
    assert_eq!(state().await, (json!("Running"), json!(1)));
}

async fn a_shutdown_ends_watches(cluster: &Cluster) {
    let version = cluster.config_maps().list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let watch = cluster.config_maps().watch(&WatchParams::default(), &version).await.unwrap();
    cluster.simulated().shutdown().await;
    let rest: Vec<WatchEvent<ConfigMap>> = watch.try_collect().await.unwrap();
    assert!(rest.is_empty());
}

async fn service_names_begin_with_a_letter_before_1_36(_: &Cluster) {
    let old = Cluster::with(None, Options { minor: 35, ..Options::default() }).await;
    old.create_namespace(&old.namespace).await;
    assert_eq!(old.minor().await, 35);
    let (code, _, message) = refusal(old.create::<Service>(service("1-a", "a")).await);
    assert!(code == 422 && message.contains("a DNS-1035 label must consist of"), "{message}");
}
