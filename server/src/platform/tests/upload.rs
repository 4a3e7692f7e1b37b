//! Uploads through the platform: accepted, rejected, duplicate, interrupted, too large.

use app::api::{Manifests, Versions};
use app::error::ErrorKind;
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use krt::lifecycle::{Action, Status};

use super::fixture::{Fixture, body, upload};
use crate::packages::tests::fixture::{manifest, pack, package, package_of};
use crate::platform::{Upload, UploadOutcome};

async fn versions(fixture: &Fixture) -> usize {
    fixture.store.versions_of("demo").await.unwrap().len()
}

#[tokio::test]
async fn an_accepted_package_becomes_a_stopped_version() {
    let fixture = Fixture::new().await;
    let bytes = package("v1");
    let outcome = fixture.upload(&bytes).await.unwrap();
    assert_eq!(outcome, UploadOutcome::Created { version: "v1".to_owned() });
    let detail = fixture.console.get_version(&fixture.viewer, "demo", "v1").await.unwrap();
    assert_eq!(detail.version.live.status(), Status::Stopped);
    assert_eq!((detail.package.size, detail.package.file.as_str()), (bytes.len() as u64, "greeter.krt"));
    let text = fixture.console.get_manifest(&fixture.viewer, "demo", "v1").await.unwrap();
    assert_eq!(text.text, manifest("v1"));
    let members = fixture.console.list_members(&fixture.viewer, "demo", "v1", 0).await.unwrap().members;
    let paths: Vec<_> = members.iter().map(|member| member.path.as_str()).collect();
    assert_eq!(paths, ["krt.yml", "public_input.proto", "src/greet/main.py"]);
    let (info, stored) = fixture.console.open_package(&fixture.viewer, "demo", "v1").await.unwrap();
    let stored: Vec<Bytes> = stored.try_collect().await.unwrap();
    assert_eq!((info, stored.concat()), (detail.package, bytes));
}

#[tokio::test]
async fn a_package_with_errors_is_rejected_with_all_errors() {
    let fixture = Fixture::new().await;
    let wrong = manifest("v1").replace("exitpoint: greet", "exitpoint: nobody");
    let UploadOutcome::Refused(report) = fixture.upload(&package_of(&wrong)).await.unwrap() else { panic!("created") };
    assert!(!report.diagnostics.is_empty());
    let UploadOutcome::Refused(report) = fixture.upload(b"PK\x03\x04").await.unwrap() else { panic!("created") };
    assert!(!report.diagnostics.is_empty());
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (0, 0));
}

#[tokio::test]
async fn a_name_that_exists_is_a_conflict_and_keeps_nothing() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let used = fixture.packages.used();
    // The same name with different content, so that the package is not the stored one.
    let other = package_of(&manifest("v1").replace("Greets whoever", "Ignores whoever"));
    for archived in [false, true] {
        if archived {
            fixture.take(Action::Archive, "v1").await.unwrap();
        }
        let error = fixture.upload(&other).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.field("package").unwrap().contains("v1"), "{error:?}");
        assert_eq!(error.message.contains("Archived"), archived);
    }
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (1, used));
}

#[tokio::test]
async fn the_same_form_sent_twice_creates_one_version() {
    let fixture = Fixture::new().await;
    for _ in 0..2 {
        let outcome =
            fixture.console.upload(&fixture.manager, "demo", upload("f1"), body(&package("v1"))).await.unwrap();
        assert_eq!(outcome, UploadOutcome::Created { version: "v1".to_owned() });
    }
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (1, package("v1").len() as u64));
}

#[tokio::test]
async fn a_form_with_another_file_or_reason_is_a_conflict_and_keeps_nothing() {
    let fixture = Fixture::new().await;
    let send = async |upload: Upload, bytes: &[u8]| {
        fixture.console.upload(&fixture.manager, "demo", upload, body(bytes)).await
    };
    send(upload("f1"), &package("v1")).await.unwrap();
    let used = fixture.packages.used();
    let other = package_of(&manifest("v1").replace("Greets whoever", "Ignores whoever"));
    let renamed = Upload { file_name: "other.krt".to_owned(), ..upload("f1") };
    let reasoned = Upload { reason: "Another one".to_owned(), ..upload("f1") };
    let files = || std::fs::read_dir(fixture.folder.path().join("packages")).unwrap().count();
    let before = files();
    for (upload, bytes) in [(upload("f1"), &other), (renamed, &package("v1")), (reasoned, &package("v1"))] {
        let error = send(upload, bytes).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert!(error.message.starts_with("This form was already sent with different content."), "{}", error.message);
        assert_eq!((versions(&fixture).await, fixture.packages.used(), files()), (1, used, before));
    }
}

#[tokio::test]
async fn an_interrupted_upload_keeps_nothing() {
    let fixture = Fixture::new().await;
    let bytes = package("v1");
    let half = || body(&bytes[..bytes.len() / 2]).map(|piece| Ok(piece.unwrap()));
    let cut = half().chain(stream::once(async { Err(std::io::Error::other("reset by peer")) }));
    let error = fixture.console.upload(&fixture.manager, "demo", upload(""), cut).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    let stalled = half().chain(stream::pending::<std::io::Result<Bytes>>());
    let incoming = fixture.folder.path().join("packages/incoming");
    let begun = testing::eventually_async("a file is begun", testing::DEADLINE, async || {
        std::fs::read_dir(&incoming).ok()?.next()
    });
    tokio::select! {
        _ = fixture.console.upload(&fixture.manager, "demo", upload(""), stalled) => panic!("it should wait for the rest"),
        _ = begun => {}
    }
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (0, 0));
}

#[tokio::test]
async fn a_package_beyond_the_quota_is_rejected_with_the_limit() {
    let fixture = Fixture::new().await;
    // Incompressible bytes.
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let noise: Vec<u8> = noise.take(2 << 20).collect();
    let large = pack(&[("krt.yml", manifest("v1").as_bytes()), ("src/greet/main.py", &noise)]);
    let error = fixture.upload(&large).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::StorageFull);
    assert!(error.message.contains("1 MiB"), "{}", error.message);
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (0, 0));
}

#[tokio::test]
async fn an_upload_without_a_reason_is_rejected_before_it_is_read() {
    let fixture = Fixture::new().await;
    let unreasoned = Upload { reason: " ".to_owned(), ..upload("") };
    let error = fixture.console.upload(&fixture.manager, "demo", unreasoned, body(&package("v1"))).await.unwrap_err();
    assert!(error.field("reason").is_some());
    assert_eq!(versions(&fixture).await, 0);
}

#[tokio::test]
async fn pods_fetch_only_the_package_of_their_token() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    let uid = async |name| fixture.store.version("demo", name).await.unwrap().unwrap().1.uid;
    let (v1, v2) = (uid("v1").await, uid("v2").await);
    let token = fixture.store.package_token(&v1);
    let (info, _) = fixture.console.open_package_for_pod(&v1, &token).await.unwrap();
    assert_eq!(info.size, package("v1").len() as u64);
    for (uid, token) in [(v2.as_str(), token.as_str()), (v1.as_str(), ""), ("", token.as_str())] {
        let error = fixture.console.open_package_for_pod(uid, token).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn an_internal_error_is_reported_only_with_a_log_id() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let sha256 = fixture.store.version("demo", "v1").await.unwrap().unwrap().1.package.sha256;
    std::fs::remove_file(fixture.folder.path().join("packages").join(&sha256)).unwrap();
    let error = fixture.console.open_package(&fixture.manager, "demo", "v1").await.err().unwrap();
    assert_eq!(error.kind, ErrorKind::Internal);
    assert!(!error.message.contains(&sha256) && error.message.contains("error "), "{}", error.message);
}

#[tokio::test]
async fn a_manifest_alone_is_checked_like_a_package_and_not_stored() {
    let fixture = Fixture::new().await;
    let broken = manifest("v1").replace("workflows:", "workflow:");
    for (text, faults) in [(manifest("v1"), false), (broken, true)] {
        let alone = Upload { file_name: "krt.yml".to_owned(), ..upload("") };
        let outcome = fixture.console.upload(&fixture.manager, "demo", alone, body(text.as_bytes())).await.unwrap();
        let UploadOutcome::Refused(report) = outcome else { panic!("it has no sources") };
        assert!(report.bare && krt::diagnostic::accepted(&report.diagnostics) != faults, "{:?}", report.diagnostics);
    }
    assert_eq!((versions(&fixture).await, fixture.packages.used()), (0, 0));
}
