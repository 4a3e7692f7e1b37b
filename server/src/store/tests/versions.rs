//! Versions: created once, never changed.

use app::model::VersionFilter;
use krt::lifecycle::{Action, Status};

use super::fixture::{Fixture, START, runtime, version};
use crate::store::CreateVersionError;

#[tokio::test]
async fn a_new_version_is_stopped_and_contains_what_was_uploaded() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let row = fixture.row("v1").await;
    assert_eq!(row.status(), Status::Stopped);
    assert_eq!((row.since.0, row.since_by.as_str(), row.created_by.as_str()), (START, "ada", "ada"));
    let uploaded = version("demo", "v1");
    assert_eq!((&*row.manifest, &row.package), (&uploaded.manifest, &uploaded.package));
    let (text, diagnostics) = fixture.store.manifest_text(&row.uid).await.unwrap().unwrap();
    assert_eq!((text, diagnostics), (uploaded.manifest_text, uploaded.diagnostics));
    let members = fixture.store.members(&row.package.sha256, 0, 100).await.unwrap();
    assert_eq!(members.members, uploaded.members);
    assert_eq!(fixture.store.version_by_uid(&row.uid).await.unwrap(), Some(row));
}

#[tokio::test]
async fn a_name_stays_taken_also_after_archiving() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    for archived in [false, true] {
        if archived {
            fixture.take(Action::Archive, "v1").await.unwrap();
        }
        let error = fixture.store.create_version(&fixture.manager, version("demo", "v1")).await.unwrap_err();
        let is_taken =
            matches!(&error, CreateVersionError::Taken { name, archived: said } if name == "v1" && *said == archived);
        assert!(is_taken, "{error:?}");
    }
    fixture.store.create_runtime(&fixture.manager, runtime("other")).await.unwrap();
    fixture.store.create_version(&fixture.manager, version("other", "v1")).await.unwrap();
    let in_use = fixture.store.packages_in_use().await.unwrap();
    assert_eq!(in_use.len(), 1);
}

#[tokio::test]
async fn a_version_needs_its_runtime() {
    let fixture = Fixture::new().await;
    let error = fixture.store.create_version(&fixture.manager, version("demo", "v1")).await.unwrap_err();
    assert!(matches!(&error, CreateVersionError::NoRuntime(id) if id == "demo"), "{error:?}");
    assert!(fixture.store.packages_in_use().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_upload_sent_twice_creates_one_version() {
    let fixture = Fixture::with_versions(&[]).await;
    let mut new = version("demo", "v1");
    new.idempotency_key = "f1".to_owned();
    for _ in 0..2 {
        assert_eq!(fixture.store.create_version(&fixture.manager, new.clone()).await.unwrap(), "v1");
    }
    assert_eq!(fixture.store.versions_of("demo").await.unwrap().len(), 1);
    for change in 0..3 {
        let mut other = new.clone();
        let field = [&mut other.reason, &mut other.package.file, &mut other.package.sha256].into_iter().nth(change);
        field.unwrap().push('x');
        let error = fixture.store.create_version(&fixture.manager, other).await.unwrap_err();
        assert!(matches!(error, CreateVersionError::KeyReused(_)), "{error:?}");
    }
}

#[tokio::test]
async fn the_newest_comes_first_and_archived_ones_only_when_requested() {
    let fixture = Fixture::with_versions(&[]).await;
    for name in ["v1", "v2", "v3"] {
        fixture.pass(1000);
        fixture.store.create_version(&fixture.manager, version("demo", name)).await.unwrap();
    }
    fixture.take(Action::Archive, "v2").await.unwrap();
    let all = fixture.store.versions_of("demo").await.unwrap();
    assert_eq!(all.iter().map(|version| version.name.as_str()).collect::<Vec<_>>(), ["v3", "v2", "v1"]);
    let (_, present) = fixture.store.present_versions("demo").await.unwrap().unwrap();
    assert_eq!(present.iter().map(|version| version.name.as_str()).collect::<Vec<_>>(), ["v3", "v1"]);
    assert_eq!(fixture.store.present_versions("other").await.unwrap(), None);
}

#[tokio::test]
async fn the_pages_of_a_list_contain_all_versions() {
    let fixture = Fixture::with_versions(&[]).await;
    // Some are created at the same moment, and are ordered by their names.
    for name in ["v1", "v2", "v3", "v4", "v5", "w6", "v7"] {
        fixture.pass(i64::from(name != "v4" && name != "v5"));
        fixture.store.create_version(&fixture.manager, version("demo", name)).await.unwrap();
    }
    fixture.take(Action::Archive, "v2").await.unwrap();
    for (filter, expected) in [
        (VersionFilter::default(), vec!["v7", "w6", "v3", "v4", "v5", "v1"]),
        (VersionFilter { archived: true, ..VersionFilter::default() }, vec!["v7", "w6", "v3", "v4", "v5", "v2", "v1"]),
        (VersionFilter { name: "v".to_owned(), ..VersionFilter::default() }, vec!["v7", "v3", "v4", "v5", "v1"]),
        (VersionFilter { name: "x".to_owned(), ..VersionFilter::default() }, vec![]),
    ] {
        let mut all = Vec::new();
        let mut filter = filter;
        loop {
            let page =
                fixture.store.list_versions("demo", filter.clone(), 2, |row| Some(row.name.clone())).await.unwrap();
            assert_eq!((page.found as usize, page.names.len()), (expected.len(), 7));
            assert!(page.versions.len() <= 2);
            all.extend(page.versions);
            match page.next {
                Some(before) => filter.before = before,
                None => break,
            }
        }
        assert_eq!(all, expected);
    }
    let page = fixture.store.list_versions("nowhere", VersionFilter::default(), 2, |_| Some(())).await.unwrap();
    assert_eq!((page.versions.len(), page.next, page.found), (0, None, 0));
}
