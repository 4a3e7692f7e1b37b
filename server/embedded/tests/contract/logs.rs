//! Pod logs: selection of the container and of the part of its log.

use futures::{AsyncBufReadExt, StreamExt};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::LogParams;
use serde_json::json;

use crate::list::behaviors;
use crate::support::{Cluster, background, deployment, gated_pod, refusal, to, until};

behaviors![
    a_pod_with_several_containers_requires_a_container_name,
    a_missing_container_or_pod_is_rejected,
    log_parameters_are_validated,
    an_unscheduled_pod_has_an_empty_log,
    a_log_can_be_read_in_part embedded only: "the expected log lines are those of the simulated kubelet",
    a_followed_log_ends_with_its_container embedded only: "a simulated kubelet need not support following a log",
    a_crashed_container_shows_its_traceback_and_previous_run embedded only: "image tags cause crashes only in the simulation",
    a_container_that_never_started_reports_why_it_has_no_log embedded only: "image tags cause failures only in the simulation",
];

async fn running(cluster: &Cluster, app: &str) -> Pod {
    until("the pod runs", || async {
        let pod = cluster.pod(app).await?;
        (to(&pod)["status"]["phase"] == "Running").then_some(pod)
    })
    .await
}

async fn a_pod_with_several_containers_requires_a_container_name(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let (code, reason, message) = refusal(cluster.pods().logs("p", &LogParams::default()).await);
    assert_eq!((code, reason.as_str()), (400, "BadRequest"));
    assert!(
        message.starts_with("a container name must be specified for pod p, choose one of: [main more]"),
        "{message}"
    );
}

async fn a_missing_container_or_pod_is_rejected(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let none = LogParams { container: Some("none".into()), ..LogParams::default() };
    let (code, _, message) = refusal(cluster.pods().logs("p", &none).await);
    assert_eq!((code, message.as_str()), (400, "container none is not valid for pod p"));
    let (code, _, message) = refusal(cluster.pods().logs("q", &LogParams::default()).await);
    assert_eq!((code, message.as_str()), (404, "pods \"q\" not found"));
}

async fn log_parameters_are_validated(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let path = format!("{}/p/log?container=main", cluster.path("/api/v1", "pods"));
    for (query, expected) in [
        ("tailLines=-1", "tailLines: Invalid value: -1: must be greater than or equal to 0"),
        ("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0"),
        ("limitBytes=0", "limitBytes: Invalid value: 0: must be greater than 0"),
        (
            "sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z",
            "at most one of `sinceTime` or `sinceSeconds` may be specified",
        ),
    ] {
        let (code, status) = cluster.raw("GET", &format!("{path}&{query}"), &[], "").await;
        assert_eq!((code, &status["reason"]), (422, &json!("Invalid")), "{query}: {status}");
        assert!(status["message"].as_str().unwrap().contains(expected), "{query}: {status}");
    }
    let (code, status) = cluster.raw("GET", &format!("{path}&tailLines=x"), &[], "").await;
    assert_eq!(code, 400, "{status}");
}

async fn an_unscheduled_pod_has_an_empty_log(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let log = LogParams { container: Some("main".into()), ..LogParams::default() };
    assert_eq!(cluster.pods().logs("p", &log).await.unwrap(), "");
}

async fn a_log_can_be_read_in_part(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    let pod = running(cluster, "a").await.name_any();
    let whole = until("the container printed a line", || async {
        let log = cluster.pods().logs(&pod, &LogParams::default()).await.unwrap();
        (log.lines().count() >= 5).then_some(log)
    })
    .await;
    let first = whole.lines().next().unwrap();
    assert!(first.ends_with("INFO simulated process of image image:1: its code does not run here"), "{first}");
    let tail = LogParams { tail_lines: Some(1), timestamps: true, ..LogParams::default() };
    let tail = cluster.pods().logs(&pod, &tail).await.unwrap();
    assert_eq!(tail.lines().count(), 1);
    let (time, line) = tail.trim_end().split_once(' ').unwrap();
    assert!(time.parse::<jiff::Timestamp>().is_ok() && !line.is_empty(), "{tail}");
    let limit = LogParams { limit_bytes: Some(10), ..LogParams::default() };
    assert_eq!(cluster.pods().logs(&pod, &limit).await.unwrap(), whole[..10]);
    let stamped = LogParams { timestamps: true, ..LogParams::default() };
    let stamped = cluster.pods().logs(&pod, &stamped).await.unwrap();
    let third: jiff::Timestamp = stamped.lines().nth(2).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = format!("{}/{pod}/log?sinceTime={third}", cluster.path("/api/v1", "pods"));
    let request = axum::http::Request::get(path).body(Vec::new()).unwrap();
    let since = cluster.client.request_text(request).await.unwrap();
    assert!(since.starts_with(whole.lines().nth(2).unwrap()), "{since}");
    let long_ago = LogParams { since_seconds: Some(3_600), ..LogParams::default() };
    assert!(cluster.pods().logs(&pod, &long_ago).await.unwrap().starts_with(&whole));
}

async fn a_followed_log_ends_with_its_container(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    let pod = running(cluster, "a").await.name_any();
    let follow = LogParams { follow: true, ..LogParams::default() };
    let mut lines = cluster.pods().log_stream(&pod, &follow).await.unwrap().lines();
    let mut seen = Vec::new();
    while seen.len() < 8 {
        seen.push(lines.next().await.unwrap().unwrap());
    }
    assert!(cluster.pods().logs(&pod, &LogParams::default()).await.unwrap().starts_with(&seen.join("\n")));
    cluster.deployments().delete("a", &background()).await.unwrap();
    while let Some(line) = lines.next().await {
        line.unwrap();
    }
}

async fn a_crashed_container_shows_its_traceback_and_previous_run(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:sim-crash")).await.unwrap();
    let pod = until("the container restarted", || async {
        let pod = cluster.pod("a").await?;
        let status = &to(&pod)["status"]["containerStatuses"][0];
        (status["restartCount"] == 1 && status["state"]["waiting"]["reason"] == "CrashLoopBackOff").then_some(pod)
    })
    .await
    .name_any();
    let present = cluster.pods().logs(&pod, &LogParams::default()).await.unwrap();
    assert!(present.trim_end().ends_with("KeyError: 'MODEL_PATH'"), "{present}");
    let previous = LogParams { previous: true, ..LogParams::default() };
    assert!(cluster.pods().logs(&pod, &previous).await.unwrap().contains("Traceback"));
}

async fn a_container_that_never_started_reports_why_it_has_no_log(cluster: &Cluster) {
    let mut desired = deployment("a", "image:sim-fail");
    desired["spec"]["template"]["spec"]["initContainers"] = json!([{ "name": "first", "image": "image:1" }]);
    let _: Deployment = cluster.create(desired).await.unwrap();
    let pod = until("the pull fails", || async {
        let pod = cluster.pod("a").await?;
        (to(&pod)["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "ImagePullBackOff").then_some(pod)
    })
    .await
    .name_any();
    let (code, reason, message) = refusal(cluster.pods().logs(&pod, &LogParams::default()).await);
    let expected = format!("container \"main\" in pod \"{pod}\" is waiting to start: trying and failing to pull image");
    assert_eq!((code, reason.as_str(), message), (400, "BadRequest", expected));
    let first = LogParams { container: Some("first".into()), ..LogParams::default() };
    assert!(cluster.pods().logs(&pod, &first).await.unwrap().contains("/krt-files"));
    let previous = LogParams { previous: true, ..LogParams::default() };
    let (code, _, message) = refusal(cluster.pods().logs(&pod, &previous).await);
    let expected = format!("previous terminated container \"main\" in pod \"{pod}\" not found");
    assert_eq!((code, message), (400, expected));
}
