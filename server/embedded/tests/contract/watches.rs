//! Watches: starting at a resourceVersion, with selectors and bookmarks, and 410 after compaction.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::{ListParams, Patch, PatchParams, WatchEvent, WatchParams};
use kube::runtime::watcher;
use serde_json::json;

use crate::list::behaviors;
use crate::support::{Cluster, background, config_map, labelled, refusal};

behaviors![
    a_watch_reports_changes_since_the_list_and_objects_that_leave_its_selection,
    a_watch_from_resource_version_0_begins_with_the_existing_objects,
    a_resumed_watch_misses_nothing,
    a_watch_ends_after_its_timeout,
    a_bookmark_before_the_end_of_a_watch_says_where_to_resume,
    a_streaming_list_ends_with_a_bookmark,
    send_initial_events_ends_with_an_annotated_bookmark,
    send_initial_events_requires_resource_version_match,
    a_compacted_resource_version_is_gone,
    a_resource_version_that_is_not_a_number_is_rejected,
];

fn summary(event: &WatchEvent<ConfigMap>) -> String {
    match event {
        WatchEvent::Added(object) => format!("added {}", object.name_any()),
        WatchEvent::Modified(object) => format!("modified {}", object.name_any()),
        WatchEvent::Deleted(object) => format!("deleted {}", object.name_any()),
        WatchEvent::Bookmark(_) => "bookmark".to_owned(),
        WatchEvent::Error(status) => format!("error {}", status.code),
    }
}

/// The first events of a watch for the label `l=yes`, bookmarks aside.
async fn first_events(cluster: &Cluster, version: &str, count: usize) -> Vec<WatchEvent<ConfigMap>> {
    let params = WatchParams::default().labels("l=yes");
    let watch = cluster.config_maps().watch(&params, version).await.unwrap();
    let changes = watch.try_filter(|event| std::future::ready(!matches!(event, WatchEvent::Bookmark(_))));
    let events = changes.take(count).try_collect();
    tokio::time::timeout(Duration::from_secs(60), events).await.expect("the events arrive in time").unwrap()
}

async fn version_now(cluster: &Cluster) -> String {
    cluster.config_maps().list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap()
}

async fn a_watch_reports_changes_since_the_list_and_objects_that_leave_its_selection(cluster: &Cluster) {
    let version = version_now(cluster).await;
    let _: ConfigMap = cluster.apply("me", labelled("a", "yes", "1")).await.unwrap();
    let _: ConfigMap = cluster.apply("me", labelled("b", "no", "1")).await.unwrap();
    let changes = async {
        let _: ConfigMap = cluster.apply("me", labelled("a", "yes", "2")).await.unwrap();
        let _: ConfigMap = cluster.apply("me", labelled("b", "yes", "2")).await.unwrap();
        let _: ConfigMap = cluster.apply("me", labelled("b", "no", "2")).await.unwrap();
        cluster.config_maps().delete("a", &background()).await.unwrap();
    };
    let (events, ()) = tokio::join!(first_events(cluster, &version, 5), changes);
    let summaries: Vec<String> = events.iter().map(summary).collect();
    assert_eq!(summaries, ["added a", "modified a", "added b", "deleted b", "deleted a"]);
    // An object that left the selection is reported in its last selected state, at the version at which it left.
    let WatchEvent::Deleted(left) = &events[3] else { panic!("{:?}", events[3]) };
    assert_eq!(left.labels()["l"], "yes");
}

async fn a_watch_from_resource_version_0_begins_with_the_existing_objects(cluster: &Cluster) {
    for name in ["a", "b"] {
        let _: ConfigMap = cluster.create(labelled(name, "yes", "1")).await.unwrap();
    }
    let mut summaries: Vec<String> = first_events(cluster, "0", 2).await.iter().map(summary).collect();
    summaries.sort();
    assert_eq!(summaries, ["added a", "added b"]);
}

async fn a_resumed_watch_misses_nothing(cluster: &Cluster) {
    let version = version_now(cluster).await;
    let _: ConfigMap = cluster.create(labelled("a", "yes", "1")).await.unwrap();
    let first = first_events(cluster, &version, 1).await;
    let WatchEvent::Added(seen) = &first[0] else { panic!("{:?}", first[0]) };
    for value in ["2", "3"] {
        let patch = Patch::Merge(json!({ "data": { "k": value } }));
        cluster.config_maps().patch("a", &PatchParams::default(), &patch).await.unwrap();
    }
    let summaries: Vec<String> =
        first_events(cluster, &seen.resource_version().unwrap(), 2).await.iter().map(summary).collect();
    assert_eq!(summaries, ["modified a", "modified a"]);
}

async fn a_watch_ends_after_its_timeout(cluster: &Cluster) {
    let version = version_now(cluster).await;
    let params = WatchParams::default().labels("l=none").timeout(1);
    let watch = cluster.config_maps().watch(&params, &version).await.unwrap();
    let events: Vec<_> = tokio::time::timeout(Duration::from_secs(30), watch.try_collect()).await.unwrap().unwrap();
    assert!(events.iter().all(|event: &WatchEvent<ConfigMap>| matches!(event, WatchEvent::Bookmark(_))), "{events:?}");
}

async fn a_bookmark_before_the_end_of_a_watch_says_where_to_resume(cluster: &Cluster) {
    let version = version_now(cluster).await;
    let params = WatchParams::default().labels("l=none").timeout(8);
    let watch = cluster.config_maps().watch(&params, &version).await.unwrap();
    // Not selected by the watch: without bookmarks the client would never learn of newer versions.
    let other: ConfigMap = cluster.create(labelled("a", "other", "1")).await.unwrap();
    let events: Vec<_> = tokio::time::timeout(Duration::from_secs(60), watch.try_collect()).await.unwrap().unwrap();
    let Some(WatchEvent::Bookmark(mark)) = events.last() else { panic!("{events:?}") };
    let (marked, seen): (u64, u64) =
        (mark.metadata.resource_version.parse().unwrap(), other.resource_version().unwrap().parse().unwrap());
    assert!(marked >= seen, "the bookmark is at {marked}, the last change was at {seen}");
    let _: &WatchEvent<ConfigMap> = &events[0];
}

async fn a_streaming_list_ends_with_a_bookmark(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(labelled("a", "yes", "1")).await.unwrap();
    for config in [watcher::Config::default().streaming_lists(), watcher::Config::default()] {
        let events = watcher(cluster.config_maps(), config.labels("l=yes"));
        let first: Vec<watcher::Event<ConfigMap>> = events.take(3).try_collect().await.unwrap();
        assert!(matches!(first[0], watcher::Event::Init));
        assert!(matches!(&first[1], watcher::Event::InitApply(object) if object.metadata.name.as_deref() == Some("a")));
        assert!(matches!(first[2], watcher::Event::InitDone));
    }
}

async fn send_initial_events_ends_with_an_annotated_bookmark(cluster: &Cluster) {
    let _: ConfigMap = cluster.create(labelled("a", "yes", "1")).await.unwrap();
    let params = WatchParams::default().labels("l=yes").initial_events();
    let watch = cluster.config_maps().watch(&params, "").await.unwrap();
    let events: Vec<WatchEvent<ConfigMap>> = watch.take(2).try_collect().await.unwrap();
    assert_eq!(summary(&events[0]), "added a");
    let WatchEvent::Bookmark(mark) = &events[1] else { panic!("{:?}", events[1]) };
    assert_eq!(mark.metadata.annotations["k8s.io/initial-events-end"], "true");
    let (seen, marked): (u64, u64) = match &events[0] {
        WatchEvent::Added(object) => {
            (object.resource_version().unwrap().parse().unwrap(), mark.metadata.resource_version.parse().unwrap())
        }
        other => panic!("{other:?}"),
    };
    assert!(marked >= seen);
}

async fn send_initial_events_requires_resource_version_match(cluster: &Cluster) {
    let path = format!("{}?watch=true&sendInitialEvents=true", cluster.path("/api/v1", "configmaps"));
    let (code, status) = cluster.raw("GET", &path, &[], "").await;
    assert_eq!((code, &status["reason"]), (422, &json!("Invalid")), "{status}");
    assert!(status["message"].as_str().unwrap().contains("resourceVersionMatch"), "{status}");
}

async fn a_compacted_resource_version_is_gone(cluster: &Cluster) {
    cluster.compact().await;
    match cluster.config_maps().watch(&WatchParams::default(), "1").await {
        Err(refused) => assert_eq!(refusal::<()>(Err(refused)).0, 410),
        Ok(watch) => match watch.boxed().next().await {
            Some(Ok(WatchEvent::Error(status))) => {
                assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
                assert!(status.message.starts_with("too old resource version: 1 ("), "{}", status.message);
            }
            other => panic!("{other:?}"),
        },
    }
    // A watcher recovers: it lists again.
    let _: ConfigMap = cluster.create(config_map("a", json!({}))).await.unwrap();
    let fresh = watcher(cluster.config_maps(), watcher::Config::default().fields("metadata.name=a"));
    let first: Vec<watcher::Event<ConfigMap>> = fresh.take(3).try_collect().await.unwrap();
    assert!(matches!(first[2], watcher::Event::InitDone));
}

async fn a_resource_version_that_is_not_a_number_is_rejected(cluster: &Cluster) {
    let path = format!("{}?watch=true&resourceVersion=x", cluster.path("/api/v1", "configmaps"));
    let (code, status) = cluster.raw("GET", &path, &[], "").await;
    assert!((400..500).contains(&code) || status["object"]["code"] == 400, "{code} {status}");
}
