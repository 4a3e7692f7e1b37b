//! The file: a reopened cluster continues where it stopped.

use std::path::PathBuf;

use embedded_cluster::{EmbeddedCluster, OpenError, Options};
use futures::StreamExt;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ListParams, LogParams, WatchEvent, WatchParams};
use serde_json::json;

use crate::support::{Cluster, config_map, deployment, to, until};

/// A temporary file, removed when dropped.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        let path = std::env::temp_dir().join(format!("embedded-cluster-{}-{name}.db", std::process::id()));
        let file = File(path);
        file.remove();
        file
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.remove();
    }
}

#[tokio::test]
async fn everything_is_restored_after_a_restart() {
    let file = File::new("restart");
    let first = Cluster::open(Some(&file.0)).await;
    first.create_namespace(&first.namespace).await;
    let kept: ConfigMap = first.apply("me", config_map("a", json!({ "k": "v" }))).await.unwrap();
    let _: Deployment = first.apply("me", deployment("a", "image:1")).await.unwrap();
    let pod = until("the pod runs", || async {
        let pod = first.pod("a").await?;
        (to(&pod)["status"]["phase"] == "Running").then_some(pod)
    })
    .await;
    let name = pod.metadata.name.clone().unwrap();
    let log = first.pods().logs(&name, &LogParams::default()).await.unwrap();
    first.simulated().shutdown().await;
    drop(first);

    let second = Cluster::open(Some(&file.0)).await;
    assert_eq!(second.config_maps().get("a").await.unwrap(), kept);
    let after = second.pods().get(&name).await.unwrap();
    assert_eq!(after.metadata.uid, pod.metadata.uid);
    assert!(second.pods().logs(&name, &LogParams::default()).await.unwrap().starts_with(&log));
    let next: ConfigMap = second.apply("me", config_map("b", json!({}))).await.unwrap();
    let number = |object: &ConfigMap| object.metadata.resource_version.as_ref().unwrap().parse::<u64>().unwrap();
    assert!(number(&next) > number(&kept));
    assert_ne!(next.metadata.uid, kept.metadata.uid);
}

#[tokio::test]
async fn a_watch_resumes_after_a_restart_from_the_last_version_it_saw() {
    let file = File::new("watch");
    let first = Cluster::open(Some(&file.0)).await;
    first.create_namespace(&first.namespace).await;
    let _: ConfigMap = first.apply("me", config_map("a", json!({ "k": "1" }))).await.unwrap();
    until("startup has finished", || async { first.config_maps().get_opt("kube-root-ca.crt").await.unwrap() }).await;
    let list = first.config_maps().list(&ListParams::default()).await.unwrap();
    first.simulated().shutdown().await;
    drop(first);
    let second = Cluster::open(Some(&file.0)).await;
    let version = list.metadata.resource_version.unwrap();
    let watch = second.config_maps().watch(&WatchParams::default(), &version).await.unwrap();
    let _: ConfigMap = second.apply("me", config_map("a", json!({ "k": "2" }))).await.unwrap();
    let event = watch.boxed().next().await.unwrap().unwrap();
    assert!(matches!(&event, WatchEvent::Modified(map) if map.data.as_ref().unwrap()["k"] == "2"), "{event:?}");
}

#[tokio::test]
async fn an_interrupted_start_continues() {
    let file = File::new("cut");
    let first = Cluster::open(Some(&file.0)).await;
    first.create_namespace(&first.namespace).await;
    let _: Deployment = first.apply("me", deployment("a", "image:1")).await.unwrap();
    first.simulated().shutdown().await;
    let second = Cluster::open(Some(&file.0)).await;
    until("the Deployment is available", || async {
        (to(&second.deployments().get("a").await.unwrap())["status"]["availableReplicas"] == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn one_file_belongs_to_one_cluster() {
    let file = File::new("lock");
    let _first = EmbeddedCluster::open(Some(&file.0), Options::default()).await.unwrap();
    let second = EmbeddedCluster::open(Some(&file.0), Options::default()).await;
    assert!(matches!(second, Err(OpenError::InUse { .. })), "{second:?}");
}

#[tokio::test]
async fn a_foreign_file_is_rejected() {
    let file = File::new("other");
    std::fs::write(&file.0, "not a database, but long enough that SQLite does not take it for an empty one").unwrap();
    let opened = EmbeddedCluster::open(Some(&file.0), Options::default()).await;
    assert!(matches!(opened, Err(OpenError::File { .. })), "{opened:?}");
}
