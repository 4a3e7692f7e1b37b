//! Transitions of versions, and their audit entries.

use app::model::ActivityFilter;
use krt::lifecycle::{Action, Desired, Event, PAIRS, Recorded, Status};
use krt::roles::Role;

use super::fixture::{DEADLINES, Fixture, START, failure, request};
use crate::store::{ActionError, SYSTEM};

/// The audit, oldest entry first, one line each.
async fn audit(fixture: &Fixture) -> String {
    let page = fixture.store.activity(&fixture.manager, ActivityFilter::default()).await.unwrap();
    let mut lines = String::new();
    for entry in page.entries.iter().rev() {
        let status = |status: Option<Status>| status.map_or("-", Status::as_str);
        lines += &format!(
            "{} {} {} {}: {} to {}, {:?}",
            entry.id,
            entry.who,
            entry.kind,
            entry.version.as_deref().unwrap_or("-"),
            status(entry.from),
            status(entry.to),
            entry.reason
        );
        lines += &entry.cause.map_or("\n".to_owned(), |cause| format!(", caused by {cause}\n"));
    }
    lines
}

#[tokio::test]
async fn a_whole_lifecycle_is_in_the_audit() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    fixture.run_and_publish("v1").await;
    fixture.run_and_publish("v2").await;
    fixture.take(Action::Unpublish, "v2").await.unwrap();
    let uid = fixture.row("v2").await.uid;
    assert!(fixture.store.unpublished(&uid).await.unwrap());
    fixture.take(Action::Stop, "v2").await.unwrap();
    assert!(fixture.record(Event::Gone, "v2").await);
    fixture.take(Action::Archive, "v2").await.unwrap();
    insta::assert_snapshot!(audit(&fixture).await, @r#"
    1 ada create-runtime -: - to -, ""
    2 ada create v1: - to stopped, "Uploaded v1.krt"
    3 ada create v2: - to stopped, "Uploaded v2.krt"
    4 ada start v1: stopped to starting, "to start it"
    5 system ready v1: starting to started, "every process is ready", caused by 4
    6 ada publish v1: started to publishing, "to publish it"
    7 system switched v1: publishing to published, "now receives external requests", caused by 6
    8 ada start v2: stopped to starting, "to start it"
    9 system ready v2: starting to started, "every process is ready", caused by 8
    10 ada publish v2: started to publishing, "to publish it"
    11 system switched v1: published to started, "replaced by v2", caused by 10
    12 system switched v2: publishing to published, "now receives external requests", caused by 10
    13 ada unpublish v2: published to started, "to unpublish it"
    14 system withdrawn v2: published to started, "no longer receives external requests", caused by 13
    15 ada stop v2: started to stopping, "to stop it"
    16 system gone v2: stopping to stopped, "all objects removed", caused by 15
    17 ada archive v2: stopped to archived, "to archive it"
    "#);
}

#[tokio::test]
async fn a_failed_start_keeps_its_failure_until_the_next_one() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.take(Action::Start, "v1").await.unwrap();
    assert_eq!(fixture.row("v1").await.deadline.map(|at| at.0), Some(START + 300_000));
    fixture.pass(5000);
    assert!(fixture.record(Event::Failure, "v1").await);
    let row = fixture.row("v1").await;
    assert_eq!(
        (row.status(), row.deadline, row.since.0, row.since_by.as_str()),
        (Status::Stopping, None, START + 5000, SYSTEM)
    );
    assert_eq!(row.failure, Some(failure()));
    assert!(fixture.record(Event::Gone, "v1").await);
    assert_eq!(fixture.row("v1").await.failure, Some(failure()));
    fixture.take(Action::Start, "v1").await.unwrap();
    assert_eq!(fixture.row("v1").await.failure, None);
    insta::assert_snapshot!(audit(&fixture).await, @r#"
    1 ada create-runtime -: - to -, ""
    2 ada create v1: - to stopped, "Uploaded v1.krt"
    3 ada start v1: stopped to starting, "to start it"
    4 system failure v1: starting to stopping, "Start failed. Its image cannot be pulled.", caused by 3
    5 system gone v1: stopping to stopped, "all objects removed", caused by 4
    6 ada start v1: stopped to starting, "to start it"
    "#);
}

#[tokio::test]
async fn a_status_names_the_person_whose_action_led_to_it_and_the_system_only_after_a_failure() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    let by = async |name| fixture.row(name).await.since_by;
    fixture.run("v1").await;
    assert_eq!(by("v1").await, "ada", "ready");
    fixture.run_and_publish("v2").await;
    assert_eq!(by("v2").await, "ada", "switched");
    fixture.take(Action::Publish, "v1").await.unwrap();
    assert!(fixture.record(Event::Switched, "v1").await);
    assert_eq!(by("v2").await, "ada", "replaced");
    fixture.take(Action::Unpublish, "v1").await.unwrap();
    assert!(fixture.store.unpublished(&fixture.row("v1").await.uid).await.unwrap());
    assert_eq!(by("v1").await, "ada", "unpublished");
    fixture.take(Action::Stop, "v1").await.unwrap();
    assert!(fixture.record(Event::Gone, "v1").await);
    assert_eq!(by("v1").await, "ada", "gone");
    fixture.take(Action::Start, "v1").await.unwrap();
    assert!(fixture.record(Event::Failure, "v1").await);
    assert_eq!(by("v1").await, SYSTEM, "failed");
    assert!(fixture.record(Event::Gone, "v1").await);
    assert_eq!(by("v1").await, SYSTEM, "gone after a failure");
}

#[tokio::test]
async fn a_failed_publish_is_rolled_back_and_the_old_version_stays_published_throughout() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    fixture.run_and_publish("v1").await;
    fixture.run("v2").await;
    fixture.take(Action::Publish, "v2").await.unwrap();
    assert_eq!(fixture.status("v1").await, Status::Published);
    assert_eq!(fixture.row("v2").await.deadline.map(|at| at.0), Some(START + 60_000));
    for (action, name) in [(Action::Unpublish, "v1"), (Action::Stop, "v2"), (Action::Publish, "v2")] {
        let error = fixture.take(action, name).await.unwrap_err();
        assert!(matches!(&error, ActionError::Refused(why) if why == "wait until v2 is published"), "{error:?}");
    }
    assert!(fixture.record(Event::Failure, "v2").await);
    assert_eq!((fixture.status("v1").await, fixture.status("v2").await), (Status::Published, Status::Started));
    let runtime = fixture.store.runtime("demo").await.unwrap().unwrap();
    assert_eq!((runtime.published_name.as_deref(), runtime.publishing), (Some("v1"), None));
}

#[tokio::test]
async fn a_switch_changes_both_versions_at_once() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    fixture.run_and_publish("v1").await;
    fixture.run("v2").await;
    fixture.take(Action::Publish, "v2").await.unwrap();
    let mut listener = fixture.changes.listen();
    assert!(fixture.record(Event::Switched, "v2").await);
    assert_eq!((fixture.status("v1").await, fixture.status("v2").await), (Status::Started, Status::Published));
    let runtime = fixture.store.runtime("demo").await.unwrap().unwrap();
    assert_eq!((runtime.published_name.as_deref(), runtime.publishing), (Some("v2"), None));
    assert_eq!(listener.next().await, Some(crate::changes::Change::Runtime("demo".to_owned())));
}

#[tokio::test]
async fn an_unpublish_is_complete_when_nothing_public_is_left() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.run_and_publish("v1").await;
    fixture.take(Action::Unpublish, "v1").await.unwrap();
    let row = fixture.row("v1").await;
    assert_eq!((row.status(), row.unpublishing()), (Status::Published, true));
    for event in [Event::Ready, Event::Failure, Event::Gone, Event::Switched] {
        assert!(!fixture.record(event, "v1").await, "{event:?}");
    }
    assert!(fixture.store.unpublished(&row.uid).await.unwrap());
    assert!(!fixture.store.unpublished(&row.uid).await.unwrap());
    let row = fixture.row("v1").await;
    assert_eq!((row.status(), row.unpublishing()), (Status::Started, false));
    assert_eq!(fixture.store.runtime("demo").await.unwrap().unwrap().published, None);
}

#[tokio::test]
async fn a_late_event_changes_nothing() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.take(Action::Start, "v1").await.unwrap();
    fixture.take(Action::Stop, "v1").await.unwrap();
    let before = (fixture.row("v1").await, audit(&fixture).await);
    for event in [Event::Ready, Event::Failure, Event::Switched] {
        assert!(!fixture.record(event, "v1").await, "{event:?}");
    }
    assert!(!fixture.store.record_event("no such uid", Event::Gone, None).await.unwrap());
    assert!(!fixture.store.unpublished(&before.0.uid).await.unwrap());
    assert_eq!((fixture.row("v1").await, audit(&fixture).await), before);
}

#[tokio::test]
async fn the_same_form_sent_twice_acts_once() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    for _ in 0..2 {
        fixture.store.take_action(&fixture.manager, request(Action::Start, "v1", "f1"), DEADLINES).await.unwrap();
    }
    let entries = audit(&fixture).await;
    assert_eq!(entries.matches(" ada start ").count(), 1, "{entries}");
    let error =
        fixture.store.take_action(&fixture.manager, request(Action::Stop, "v1", "f1"), DEADLINES).await.unwrap_err();
    assert!(matches!(error, ActionError::KeyReused(_)), "{error:?}");
}

#[tokio::test]
async fn who_started_and_published_a_version_is_remembered() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let uid = fixture.row("v1").await.uid;
    assert_eq!(fixture.store.last_brought(&uid).await.unwrap(), (None, None));
    fixture.run("v1").await;
    fixture.pass(1000);
    let bob = fixture.store.ensure_user("bob", Role::Admin).await.unwrap();
    fixture.store.take_action(&bob, request(Action::Publish, "v1", ""), DEADLINES).await.unwrap();
    fixture.record(Event::Switched, "v1").await;
    let (started, published) = fixture.store.last_brought(&uid).await.unwrap();
    let said = |brought: Option<(app::model::Timestamp, String)>| brought.map(|(at, who)| (at.0 - START, who));
    assert_eq!(said(started), Some((0, "ada".to_owned())));
    assert_eq!(said(published), Some((1000, "bob".to_owned())));
}

#[tokio::test]
async fn the_schema_itself_allows_one_published_version_only() {
    let fixture = Fixture::with_versions(&["v1", "v2", "v3"]).await;
    fixture.run_and_publish("v1").await;
    fixture.run("v2").await;
    fixture.run("v3").await;
    fixture.take(Action::Publish, "v2").await.unwrap();
    let writer = fixture.store.0.writer.lock().unwrap();
    for (desired, recorded) in [("published", "published"), ("published", "started"), ("started", "archived")] {
        let sql = format!("UPDATE versions SET wish = '{desired}', settled = '{recorded}' WHERE name = 'v3'");
        assert!(writer.execute(&sql, []).is_err(), "{desired} {recorded}");
    }
}

#[tokio::test]
async fn the_schema_allows_the_pairs_of_the_lifecycle_and_no_others() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let writer = fixture.store.0.writer.lock().unwrap();
    for (desired, recorded) in Desired::ALL.into_iter().flat_map(|one| Recorded::ALL.map(|other| (one, other))) {
        let sql = "UPDATE versions SET wish = ?1, settled = ?2";
        let is_allowed = writer.execute(sql, (desired.as_str(), recorded.as_str())).is_ok();
        assert_eq!(is_allowed, PAIRS.contains(&(desired, recorded)), "{desired:?} {recorded:?}");
    }
}
