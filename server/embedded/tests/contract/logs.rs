//! Logs of pods.

use futures::{AsyncBufReadExt, StreamExt};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::api::LogParams;
use serde_json::json;

use crate::support::{Cluster, background, deployment, refusal, to, until};

async fn running(cluster: &Cluster, app: &str) -> Pod {
    until("the pod runs", || async {
        let pod = cluster.pod(app).await?;
        (to(&pod)["status"]["phase"] == "Running").then_some(pod)
    })
    .await
}

fn name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn a_log_can_be_read_in_part_and_followed_to_the_end() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:1")).await.unwrap();
    let pod = running(&cluster, "a").await;
    let follow = LogParams { follow: true, ..LogParams::default() };
    let mut lines = cluster.pods().log_stream(name(&pod), &follow).await.unwrap().lines();
    let mut seen = Vec::new();
    while seen.len() < 8 {
        seen.push(lines.next().await.unwrap().unwrap());
    }
    assert!(seen[0].ends_with("INFO simulated process of image image:1: no code of it runs here"), "{}", seen[0]);
    let whole = cluster.pods().logs(name(&pod), &LogParams::default()).await.unwrap();
    assert!(whole.starts_with(&seen.join("\n")));
    let tail = LogParams { tail_lines: Some(1), timestamps: true, ..LogParams::default() };
    let tail = cluster.pods().logs(name(&pod), &tail).await.unwrap();
    assert_eq!(tail.lines().count(), 1);
    assert!(tail.split(' ').next().unwrap().ends_with("000000Z"), "{tail}");
    cluster.deployments().delete("a", &background()).await.unwrap();
    while let Some(line) = lines.next().await {
        line.unwrap();
    }
}

#[tokio::test]
async fn a_crashed_container_shows_its_traceback_and_the_run_before() {
    let cluster = Cluster::new().await;
    let _: Deployment = cluster.apply("me", deployment("a", "image:sim-crash")).await.unwrap();
    let pod = until("it restarted", || async {
        let pod = cluster.pod("a").await?;
        let status = &to(&pod)["status"]["containerStatuses"][0];
        (status["restartCount"] == 1 && status["state"]["waiting"]["reason"] == "CrashLoopBackOff").then_some(pod)
    })
    .await;
    let present = cluster.pods().logs(name(&pod), &LogParams::default()).await.unwrap();
    assert!(present.trim_end().ends_with("KeyError: 'MODEL_PATH'"), "{present}");
    let previous = LogParams { previous: true, ..LogParams::default() };
    assert!(cluster.pods().logs(name(&pod), &previous).await.unwrap().contains("Traceback"));
}

#[tokio::test]
async fn a_container_that_never_started_says_why_there_is_no_log() {
    let cluster = Cluster::new().await;
    let mut wished = deployment("a", "image:sim-fail");
    wished["spec"]["template"]["spec"]["initContainers"] = json!([{ "name": "first", "image": "image:1" }]);
    let _: Deployment = cluster.apply("me", wished).await.unwrap();
    let pod = until("the pull fails", || async {
        let pod = cluster.pod("a").await?;
        (to(&pod)["status"]["containerStatuses"][0]["state"]["waiting"]["reason"] == "ImagePullBackOff").then_some(pod)
    })
    .await;
    let (code, reason, message) = refusal(cluster.pods().logs(name(&pod), &LogParams::default()).await);
    let expected =
        format!("container \"main\" in pod \"{}\" is waiting to start: trying and failing to pull image", name(&pod));
    assert_eq!((code, reason.as_str(), message), (400, "BadRequest", expected));
    let first = LogParams { container: Some("first".into()), ..LogParams::default() };
    assert!(cluster.pods().logs(name(&pod), &first).await.unwrap().contains("/krt-files"));
    let none = LogParams { container: Some("none".into()), ..LogParams::default() };
    assert_eq!(refusal(cluster.pods().logs(name(&pod), &none).await).0, 400);
}
