//! Opening the store: the lock, restarts, full and read-only disks.

use std::time::Duration;

use krt::roles::Role;
use tempfile::TempDir;

use super::fixture::{Fixture, runtime, version};
use crate::changes::{Change, ChangeBus};
use crate::store::{DATABASE, Store, StoreError};

#[tokio::test]
async fn a_folder_in_use_is_refused_with_its_holder() {
    let fixture = Fixture::new().await;
    let Err(error) = Store::open(fixture.folder.path(), ChangeBus::default()).await else { panic!("opened twice") };
    let words = error.to_string();
    assert!(matches!(error, StoreError::Locked { .. }), "{words}");
    assert!(words.contains(&format!("process {}, since 2026-11-21T09:00:00Z", std::process::id())), "{words}");
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.run_and_publish("v1").await;
    let instance = fixture.store.instance().to_owned();
    let before = (fixture.store.runtimes().await.unwrap(), fixture.store.versions_of("demo").await.unwrap());
    let token = fixture.store.package_token("a");
    let fixture = fixture.restart().await;
    assert_eq!(fixture.store.instance(), instance);
    assert_eq!(fixture.store.package_token("a"), token);
    assert_eq!((fixture.store.runtimes().await.unwrap(), fixture.store.versions_of("demo").await.unwrap()), before);
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let Fixture { store, folder, .. } = fixture;
    store.runtimes().await.unwrap();
    drop(store);
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, [DATABASE, "lock"]);
}

#[tokio::test]
async fn two_stores_have_different_instances_and_keys() {
    let (one, two) = (Fixture::new().await, Fixture::new().await);
    assert_ne!(one.store.instance(), two.store.instance());
    assert!(one.store.is_package_token("a", &one.store.package_token("a")));
    for wrong in [two.store.package_token("a"), one.store.package_token("b"), String::new(), "a".repeat(64)] {
        assert!(!one.store.is_package_token("a", &wrong), "{wrong}");
    }
}

#[tokio::test]
async fn a_folder_of_a_newer_program_is_left_alone() {
    let Fixture { store, folder, .. } = Fixture::new().await;
    drop(store);
    let connection = rusqlite::Connection::open(folder.path().join(DATABASE)).unwrap();
    connection.execute("INSERT INTO migrations (number, at) VALUES (99, 0)", []).unwrap();
    drop(connection);
    let error = Store::open(folder.path(), ChangeBus::default()).await.err().unwrap();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_created_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Store::open(&file.join("data"), ChangeBus::default()).await.err().unwrap();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(error.to_string().contains("file/data"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_look_into_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let _store = Store::open(&data, ChangeBus::default()).await.unwrap();
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_the_database_in_a_folder_that_is_open_to_all() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let _store = Store::open(folder.path(), ChangeBus::default()).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_full_disk_is_reported_and_changes_nothing() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    {
        let writer = fixture.store.0.writer.lock().unwrap();
        let pages: i64 = writer.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        writer.pragma_update(None, "max_page_count", pages).unwrap();
    }
    let mut large = version("demo", "v2");
    large.manifest_text = "x".repeat(1 << 20);
    let error = fixture.store.create_version(&fixture.manager, large).await.unwrap_err();
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(fixture.store.versions_of("demo").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_store_that_became_read_only_is_reported() {
    let fixture = Fixture::new().await;
    fixture.store.0.writer.lock().unwrap().pragma_update(None, "query_only", true).unwrap();
    let error = fixture.store.ensure_user("eve", Role::Viewer).await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error}");
}

#[tokio::test]
async fn a_commit_notifies_and_an_error_does_not() {
    let fixture = Fixture::new().await;
    let mut listener = fixture.changes.listen();
    fixture.store.create_runtime(&fixture.manager, runtime("demo")).await.unwrap();
    assert_eq!(listener.next().await, Some(Change::RuntimeList));
    assert_eq!(listener.next().await, Some(Change::Runtime("demo".to_owned())));
    fixture.store.create_runtime(&fixture.manager, runtime("demo")).await.unwrap_err();
    // The next notification is the one of the next commit.
    fixture.store.create_runtime(&fixture.manager, runtime("other")).await.unwrap();
    assert_eq!(listener.next().await, Some(Change::RuntimeList));
    assert_eq!(listener.next().await, Some(Change::Runtime("other".to_owned())));
}

#[tokio::test]
async fn a_write_is_finished_when_its_future_is_dropped() {
    let fixture = Fixture::new().await;
    let mut listener = fixture.changes.listen();
    {
        let creating = fixture.store.create_runtime(&fixture.manager, runtime("demo"));
        let mut creating = std::pin::pin!(creating);
        // Polled once, so that it is on its way to its thread, then dropped.
        assert!(futures::poll!(&mut creating).is_pending());
    }
    assert_eq!(listener.next().await, Some(Change::RuntimeList));
    assert!(fixture.store.runtime("demo").await.unwrap().is_some());
}

/// Holds the write lock of the file, as another process would.
fn hold_the_writer(fixture: &Fixture) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(fixture.folder.path().join(DATABASE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

#[tokio::test]
async fn while_another_process_writes_reading_goes_on_and_writing_is_busy() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    fixture.store.prove_writable().await.unwrap();
    let other = hold_the_writer(&fixture);
    let uid = fixture.row("v1").await.uid;
    let writing = (0..100).map(|_| fixture.store.unpublished(&uid));
    let results = futures::future::join_all(writing).await;
    assert!(results.iter().all(|result| matches!(result, Err(StoreError::Busy))), "{results:?}");
    let error = fixture.store.prove_writable().await.unwrap_err();
    assert!(matches!(*error, StoreError::Busy), "{error}");
    assert_eq!(fixture.store.versions_of("demo").await.unwrap().len(), 1);
    drop(other);
    fixture.store.unpublished(&uid).await.unwrap();
    fixture.store.prove_writable().await.unwrap();
}

#[tokio::test]
async fn what_was_not_admitted_did_nothing() {
    let fixture = Fixture::new().await;
    let turn = fixture.store.0.gate.write(Duration::from_secs(60)).await.unwrap();
    let creating = fixture.store.create_runtime(&fixture.manager, runtime("demo"));
    assert!(tokio::time::timeout(Duration::from_millis(20), creating).await.is_err());
    drop(turn);
    fixture.store.create_runtime(&fixture.manager, runtime("other")).await.unwrap();
    assert_eq!(fixture.store.runtime("demo").await.unwrap(), None);
}
