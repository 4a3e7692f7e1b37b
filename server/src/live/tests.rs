//! Tests of the announcer with store and cluster, but without the reconciler.

use std::pin::pin;
use std::time::Duration;

use app::api::{Configurations, Runtimes};
use app::model::{LiveEvent, VersionLive};
use futures::{Stream, StreamExt};
use krt::lifecycle::{Action, Event, Status};
use tokio_util::sync::CancellationToken;

use super::Announcement;
use crate::packages::tests::fixture::package;
use crate::platform::tests::fixture::{Fixture, runtime};

/// Starts the announcer and waits for the end of its first pass.
async fn announce(fixture: &Fixture) -> CancellationToken {
    let shutdown = CancellationToken::new();
    let before = fixture.hub.position();
    let announcing = super::announce(
        fixture.store.clone(),
        fixture.cluster.clone(),
        fixture.hub.clone(),
        fixture.changes.clone(),
        shutdown.clone(),
    );
    tokio::spawn(announcing);
    let mut events = pin!(fixture.hub.subscribe(Some(&before)));
    assert_eq!(next(&mut events).await, LiveEvent::Resync);
    shutdown
}

async fn next(events: &mut (impl Stream<Item = (String, Announcement)> + Unpin)) -> LiveEvent {
    let waited = tokio::time::timeout(Duration::from_secs(5), events.next()).await;
    waited.expect("an event").unwrap().1.event().unwrap()
}

/// Names and statuses of an event's versions, by name.
fn statuses(event: LiveEvent) -> Vec<(String, Status)> {
    let LiveEvent::Versions { versions, .. } = event else { panic!("{event:?}") };
    let mut statuses: Vec<_> =
        versions.iter().map(|live: &VersionLive| (live.version.clone(), live.status())).collect();
    statuses.sort_by(|a, b| a.0.cmp(&b.0));
    statuses
}

#[tokio::test]
async fn both_versions_of_a_publish_change_in_one_event() {
    let fixture = Fixture::with_versions(&["v1", "v2", "v3"]).await;
    fixture.run("v1").await;
    fixture.take(Action::Publish, "v1").await.unwrap();
    fixture.record(Event::Switched, "v1").await;
    fixture.run("v2").await;
    let shutdown = announce(&fixture).await;
    let mut events = pin!(fixture.hub.subscribe(Some(&fixture.hub.position())));

    fixture.take(Action::Publish, "v2").await.unwrap();
    // v1 is part of the publish, and v3 cannot be published meanwhile: the actions of both change.
    let changed = statuses(next(&mut events).await);
    assert!(changed.contains(&("v2".to_owned(), Status::Publishing)), "{changed:?}");

    fixture.record(Event::Switched, "v2").await;
    let event = next(&mut events).await;
    assert!(matches!(&event, LiveEvent::Versions { published: Some(name), .. } if name == "v2"), "{event:?}");
    let changed = statuses(event);
    assert!(changed.contains(&("v1".to_owned(), Status::Started)), "{changed:?}");
    assert!(changed.contains(&("v2".to_owned(), Status::Published)), "{changed:?}");
    shutdown.cancel();
}

#[tokio::test]
async fn only_changes_are_announced() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    let shutdown = announce(&fixture).await;
    let mut events = pin!(fixture.hub.subscribe(None));
    fixture.changes.notify(crate::changes::Change::Runtime("demo".to_owned()));
    fixture.changes.notify(crate::changes::Change::Everything);
    let values = vec![("GREETING".to_owned(), "hello".to_owned())];
    fixture.console.set_configuration(&fixture.manager, "demo", "v1", values).await.unwrap();
    assert_eq!(statuses(next(&mut events).await), [("v1".to_owned(), Status::Stopped)]);
    shutdown.cancel();
}

#[tokio::test]
async fn lists_are_announced_when_something_is_added_or_archived() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let shutdown = announce(&fixture).await;
    let mut events = pin!(fixture.hub.subscribe(None));
    let list = LiveEvent::VersionList { runtime: "demo".to_owned() };

    fixture.upload(&package("v2")).await.unwrap();
    assert_eq!(statuses(next(&mut events).await), [("v2".to_owned(), Status::Stopped)]);
    assert_eq!(next(&mut events).await, list);

    fixture.take(Action::Archive, "v1").await.unwrap();
    assert_eq!(statuses(next(&mut events).await), [("v1".to_owned(), Status::Archived)]);
    assert_eq!(next(&mut events).await, list);

    fixture.console.create_runtime(&fixture.manager, runtime("other")).await.unwrap();
    assert_eq!(next(&mut events).await, LiveEvent::RuntimeList);
    shutdown.cancel();
}
