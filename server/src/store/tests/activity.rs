//! Reading the audit.

use app::model::{ActivityFilter, ActivityPage};
use krt::lifecycle::Action;
use krt::roles::Role;

use super::fixture::{DEADLINES, Fixture, request, runtime};
use crate::store::ACTIVITY_PAGE;

fn kinds(page: &ActivityPage) -> Vec<&str> {
    page.entries.iter().map(|entry| entry.kind.as_str()).collect()
}

#[tokio::test]
async fn entries_are_found_by_person_kind_runtime_and_version() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    fixture.store.create_runtime(&fixture.manager, runtime("other")).await.unwrap();
    fixture.run("v1").await;
    let bob = fixture.store.ensure_user("bob", Role::Admin).await.unwrap();
    fixture.store.take_action(&bob, request(Action::Archive, "v2", ""), DEADLINES).await.unwrap();
    let some = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (ActivityFilter { person: some("bob"), ..Default::default() }, vec!["archive"]),
        (ActivityFilter { person: some("system"), ..Default::default() }, vec!["ready"]),
        (ActivityFilter { kind: some("create"), ..Default::default() }, vec!["create", "create"]),
        (ActivityFilter { runtime: some("other"), ..Default::default() }, vec!["create-runtime"]),
        (
            ActivityFilter { runtime: some("demo"), version: some("v1"), ..Default::default() },
            vec!["ready", "start", "create"],
        ),
        (ActivityFilter { person: some(""), kind: some("start"), ..Default::default() }, vec!["start"]),
        (ActivityFilter { person: some("x' OR 1=1 --"), ..Default::default() }, vec![]),
    ] {
        let page = fixture.store.activity(&fixture.manager, filter.clone()).await.unwrap();
        assert_eq!(kinds(&page), expected, "{filter:?}");
        assert_eq!(page.people, ["ada", "bob", "system"]);
        assert_eq!(page.kinds, ["archive", "create", "create-runtime", "ready", "start"]);
        assert_eq!(page.runtimes, ["demo", "other"]);
        assert!(!page.own_only);
    }
}

#[tokio::test]
async fn viewers_see_only_their_own_entries() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let eve = fixture.store.ensure_user("eve", Role::Viewer).await.unwrap();
    let link = fixture.store.create_sign_in_link(eve.id).await.unwrap();
    fixture.store.redeem_sign_in_link(&link, crate::store::SESSION_LIFE).await.unwrap();
    for person in [None, Some("ada".to_owned())] {
        let is_filtered = person.is_some();
        let page = fixture.store.activity(&eve, ActivityFilter { person, ..Default::default() }).await.unwrap();
        assert_eq!(kinds(&page).len(), if is_filtered { 0 } else { 1 });
        assert_eq!(
            (page.people, page.kinds, page.own_only),
            (vec!["eve".to_owned()], vec!["sign-in".to_owned()], true)
        );
        assert!(page.runtimes.is_empty());
    }
}

#[tokio::test]
async fn the_audit_is_read_page_by_page_without_gap_or_repetition() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    for _ in 0..ACTIVITY_PAGE {
        fixture.take(Action::Start, "v1").await.unwrap();
        fixture.record(krt::lifecycle::Event::Failure, "v1").await;
        fixture.record(krt::lifecycle::Event::Gone, "v1").await;
    }
    let mut ids = Vec::new();
    let mut before = None;
    loop {
        let page =
            fixture.store.activity(&fixture.manager, ActivityFilter { before, ..Default::default() }).await.unwrap();
        ids.extend(page.entries.iter().map(|entry| entry.id));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let all = 2 + 3 * ACTIVITY_PAGE as i64;
    assert_eq!(ids, (1..=all).rev().collect::<Vec<_>>());
}
