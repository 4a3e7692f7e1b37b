//! Logs of pods: which container is meant, and what of its log.

use futures::{AsyncBufReadExt, StreamExt};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::LogParams;
use serde_json::json;

use crate::list::behaviours;
use crate::support::{Cluster, background, deployment, gated_pod, refusal, to, until};

behaviours![
    a_pod_of_several_containers_needs_one_to_be_named,
    a_container_or_a_pod_that_is_not_there_is_refused,
    parameters_of_a_log_follow_their_rules,
    a_pod_without_a_node_has_an_empty_log,
    a_log_can_be_read_in_part embedded only: "what containers print, and when, is the kubelet's; a simulated one prints its own",
    a_followed_log_ends_with_its_container embedded only: "a simulated kubelet need not follow",
    a_crashed_container_shows_its_traceback_and_the_run_before embedded only: "containers crash here by the tag of their image",
    a_container_that_never_started_says_why_there_is_no_log embedded only: "images fail here by their tag",
];

async fn running(cluster: &Cluster, app: &str) -> Pod {
    until("the pod runs", || async {
        let pod = cluster.pod(app).await?;
        (to(&pod)["status"]["phase"] == "Running").then_some(pod)
    })
    .await
}

async fn a_pod_of_several_containers_needs_one_to_be_named(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let (code, reason, message) = refusal(cluster.pods().logs("p", &LogParams::default()).await);
    assert_eq!((code, reason.as_str()), (400, "BadRequest"));
    assert!(
        message.starts_with("a container name must be specified for pod p, choose one of: [main more]"),
        "{message}"
    );
}

async fn a_container_or_a_pod_that_is_not_there_is_refused(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let none = LogParams { container: Some("none".into()), ..LogParams::default() };
    let (code, _, message) = refusal(cluster.pods().logs("p", &none).await);
    assert_eq!((code, message.as_str()), (400, "container none is not valid for pod p"));
    let (code, _, message) = refusal(cluster.pods().logs("q", &LogParams::default()).await);
    assert_eq!((code, message.as_str()), (404, "pods \"q\" not found"));
}

async fn parameters_of_a_log_follow_their_rules(cluster: &Cluster) {
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

async fn a_pod_without_a_node_has_an_empty_log(cluster: &Cluster) {
    let _: Pod = cluster.create(gated_pod("p")).await.unwrap();
    let log = LogParams { container: Some("main".into()), ..LogParams::default() };
    assert_eq!(cluster.pods().logs("p", &log).await.unwrap(), "");
}

async fn a_log_can_be_read_in_part(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:1")).await.unwrap();
    let pod = running(cluster, "a").await.name_any();
    let whole = until("it has printed something", || async {
        let log = cluster.pods().logs(&pod, &LogParams::default()).await.unwrap();
        (log.lines().count() >= 5).then_some(log)
    })
    .await;
    let first = whole.lines().next().unwrap();
    assert!(first.ends_with("INFO simulated process of image image:1: no code of it runs here"), "{first}");
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

async fn a_crashed_container_shows_its_traceback_and_the_run_before(cluster: &Cluster) {
    let _: Deployment = cluster.create(deployment("a", "image:sim-crash")).await.unwrap();
    let pod = until("it restarted", || async {
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

async fn a_container_that_never_started_says_why_there_is_no_log(cluster: &Cluster) {
    let mut wished = deployment("a", "image:sim-fail");
    wished["spec"]["template"]["spec"]["initContainers"] = json!([{ "name": "first", "image": "image:1" }]);
    let _: Deployment = cluster.create(wished).await.unwrap();
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
