//! Actions through the platform: error messages of rejected ones, and what pages show afterwards.

use app::api::{Activity, Configurations, Runtimes, VersionActions, Versions};
use app::error::ErrorKind;
use app::model::{ActivityFilter, VersionFilter};
use krt::lifecycle::{Action, Event, Status};

use super::fixture::{Fixture, request};

#[tokio::test]
async fn a_rejected_action_is_a_conflict_with_the_reason_on_its_button() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    for (action, words) in [
        (Action::Start, "Start is not possible now: set these first: GREETING."),
        (Action::Stop, "Stop is not possible now: already stopped."),
        (Action::Publish, "Publish is not possible now: start the version first."),
    ] {
        let preview = fixture.console.preview_action(&fixture.manager, "demo", "v1", action).await.unwrap();
        let error = fixture.take(action, "v1").await.unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Conflict, words));
        assert!(words.contains(&preview.why_not.unwrap()));
    }
}

#[tokio::test]
async fn an_action_without_a_reason_is_rejected_with_an_error_for_the_field() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let mut archive = request(Action::Archive, "v1");
    archive.reason = "  \n ".to_owned();
    let error = fixture.console.take_action(&fixture.manager, archive).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(error.field("reason").is_some());
    let detail = fixture.console.get_version(&fixture.manager, "demo", "v1").await.unwrap();
    assert_eq!(detail.version.live.status(), Status::Stopped);
}

#[tokio::test]
async fn a_viewer_sees_the_form_and_the_role_to_ask() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let preview = fixture.console.preview_action(&fixture.viewer, "demo", "v1", Action::Archive).await.unwrap();
    assert_eq!(preview.why_not.as_deref(), Some("a viewer cannot do this; ask a manager"));
    let error = fixture.console.take_action(&fixture.viewer, request(Action::Archive, "v1")).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Forbidden, "A viewer cannot do this; ask a manager."));
}

#[tokio::test]
async fn pages_follow_a_version_from_upload_to_published() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    fixture.run("v1").await;
    fixture.take(Action::Publish, "v1").await.unwrap();
    fixture.record(Event::Switched, "v1").await;
    fixture.run("v2").await;

    let preview = fixture.console.preview_action(&fixture.manager, "demo", "v2", Action::Publish).await.unwrap();
    assert_eq!((preview.why_not, preview.replaces.as_deref()), (None, Some("v1")));
    fixture.take(Action::Publish, "v2").await.unwrap();
    fixture.record(Event::Switched, "v2").await;

    let detail = fixture.console.get_version(&fixture.viewer, "demo", "v2").await.unwrap();
    assert_eq!(detail.version.live.status(), Status::Published);
    assert_eq!(detail.published.map(|(_, who)| who).as_deref(), Some("mark"));
    assert!(detail.needs_broker);
    assert!(detail.version.live.address_outside.is_some() && detail.version.live.address_inside.is_some());
    let runtime = fixture.console.get_runtime(&fixture.viewer, "demo", VersionFilter::default()).await.unwrap();
    assert_eq!((runtime.runtime.published.as_deref(), runtime.runtime.running), (Some("v2"), 2));
    let statuses: Vec<_> =
        runtime.versions.iter().map(|version| (version.name.as_str(), version.live.status())).collect();
    assert_eq!(statuses, [("v2", Status::Published), ("v1", Status::Started)]);

    let filter = ActivityFilter { kind: Some("publish".to_owned()), ..ActivityFilter::default() };
    let activity = fixture.console.list_activity(&fixture.manager, filter).await.unwrap();
    let said: Vec<_> = activity.entries.iter().map(|entry| (entry.who.as_str(), entry.reason.as_str())).collect();
    assert_eq!(said, [("mark", "because"), ("mark", "because")]);
}

#[tokio::test]
async fn a_failed_start_counts_as_unhealthy_until_the_version_is_archived() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    // A running version that is well.
    fixture.run("v2").await;
    let values = vec![("GREETING".to_owned(), String::new())];
    fixture.console.set_configuration(&fixture.manager, "demo", "v1", values).await.unwrap();
    fixture.take(Action::Start, "v1").await.unwrap();
    let (_, row) = fixture.store.version("demo", "v1").await.unwrap().unwrap();
    let failure = app::model::Failure {
        at: row.since,
        action: Action::Start,
        chain: vec!["Its image cannot be pulled".to_owned()],
        process: None,
        last_lines: Vec::new(),
    };
    assert!(fixture.store.record_event(&row.uid, Event::Failure, Some(failure)).await.unwrap());
    fixture.record(Event::Gone, "v1").await;
    let unhealthy = async || fixture.console.list_runtimes(&fixture.viewer, "").await.unwrap().runtimes[0].unhealthy;
    assert_eq!(unhealthy().await, 1);
    let listed = async || {
        let filter = VersionFilter { unhealthy: true, ..VersionFilter::default() };
        let detail = fixture.console.get_runtime(&fixture.viewer, "demo", filter).await.unwrap();
        (detail.versions.into_iter().map(|version| version.name).collect::<Vec<_>>(), detail.found)
    };
    assert_eq!(listed().await, (vec!["v1".to_owned()], 1));
    fixture.take(Action::Archive, "v1").await.unwrap();
    assert_eq!(unhealthy().await, 0);
    assert_eq!(listed().await, (Vec::new(), 0));
    let detail = fixture.console.get_runtime(&fixture.viewer, "demo", VersionFilter::default()).await.unwrap();
    assert_eq!((detail.versions.len(), detail.archived, detail.runtime.versions), (1, 1, 1));
    let detail = fixture
        .console
        .get_runtime(&fixture.viewer, "demo", VersionFilter { archived: true, ..VersionFilter::default() })
        .await
        .unwrap();
    assert_eq!(detail.versions.len(), 2);
}
