//! Watches: from a resourceVersion on, by selector, with bookmarks, and 410 when that is forgotten.

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ListParams, WatchEvent, WatchParams};
use kube::runtime::watcher;
use serde_json::json;

use crate::support::{Cluster, background, config_map};

fn told(event: &WatchEvent<ConfigMap>) -> String {
    let name = |object: &ConfigMap| object.metadata.name.clone().unwrap_or_default();
    match event {
        WatchEvent::Added(object) => format!("added {}", name(object)),
        WatchEvent::Modified(object) => format!("modified {}", name(object)),
        WatchEvent::Deleted(object) => format!("deleted {}", name(object)),
        WatchEvent::Bookmark(_) => "bookmark".to_owned(),
        WatchEvent::Error(status) => format!("error {}", status.code),
    }
}

fn labelled(name: &str, label: &str, data: &str) -> serde_json::Value {
    let mut object = config_map(name, json!({ "k": data }));
    object["metadata"]["labels"] = json!({ "l": label });
    object
}

#[tokio::test]
async fn a_watch_tells_what_happened_since_the_list_and_what_left_its_selection() {
    let cluster = Cluster::new().await;
    let list = cluster.config_maps().list(&ListParams::default()).await.unwrap();
    let version = list.metadata.resource_version.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("a", "yes", "1")).await.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("b", "no", "1")).await.unwrap();
    let watch = cluster.config_maps().watch(&WatchParams::default().labels("l=yes"), &version).await.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("a", "yes", "2")).await.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("b", "yes", "2")).await.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("b", "no", "2")).await.unwrap();
    cluster.config_maps().delete("a", &background()).await.unwrap();
    let events: Vec<WatchEvent<ConfigMap>> = watch.take(5).try_collect().await.unwrap();
    let events: Vec<String> = events.iter().map(told).collect();
    assert_eq!(events, ["added a", "modified a", "added b", "deleted b", "deleted a"]);
}

#[tokio::test]
async fn a_forgotten_version_is_gone() {
    let cluster = Cluster::new().await;
    let mut watch = cluster.config_maps().watch(&WatchParams::default(), "0").await.unwrap().boxed();
    assert!(matches!(watch.next().await, Some(Ok(WatchEvent::Added(_)))));
    for n in 0..4_200 {
        let params = kube::api::PatchParams::default();
        let patch = kube::api::Patch::Merge(json!({ "data": { "k": n.to_string() } }));
        cluster.config_maps().patch("kube-root-ca.crt", &params, &patch).await.unwrap();
    }
    let mut late = cluster.config_maps().watch(&WatchParams::default(), "2").await.unwrap().boxed();
    match late.next().await {
        Some(Ok(WatchEvent::Error(status))) => assert_eq!((status.code, status.reason.as_str()), (410, "Expired")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_streaming_list_of_a_watcher_ends_with_a_bookmark() {
    let cluster = Cluster::new().await;
    let _: ConfigMap = cluster.apply("me", labelled("a", "yes", "1")).await.unwrap();
    for config in [watcher::Config::default().streaming_lists(), watcher::Config::default()] {
        let events = watcher(cluster.config_maps(), config.labels("l=yes"));
        let first: Vec<watcher::Event<ConfigMap>> = events.take(3).try_collect().await.unwrap();
        assert!(matches!(first[0], watcher::Event::Init));
        assert!(matches!(&first[1], watcher::Event::InitApply(object) if object.metadata.name.as_deref() == Some("a")));
        assert!(matches!(first[2], watcher::Event::InitDone));
    }
}

#[tokio::test]
async fn a_shutdown_ends_watches() {
    let cluster = Cluster::new().await;
    let version = cluster.config_maps().list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let watch = cluster.config_maps().watch(&WatchParams::default(), &version).await.unwrap();
    cluster.cluster.shutdown().await;
    let rest: Vec<WatchEvent<ConfigMap>> = watch.try_collect().await.unwrap();
    assert!(rest.is_empty());
}
