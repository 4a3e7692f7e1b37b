//! Uploads of packages.

use std::io;
use std::path::PathBuf;

use axum::body::Body;
use futures::stream;
use krt::roles::Role;
use tower::ServiceExt;

use crate::app::TestApp;
use crate::package;

const NEW_VERSION: &str = "/runtimes/demo/new-version";

/// The upload form as a browser sends it.
pub fn multipart(fields: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    multipart_named(fields, "greeter.krt", file)
}

pub fn multipart_named(fields: &[(&str, &str)], file_name: &str, file: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head =
        format!("form-data; name=\"package\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream");
    body.extend(format!("--limit\r\nContent-Disposition: {head}\r\n\r\n").bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    body
}

async fn demo() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Manager).await;
    (app, cookie)
}

/// Asserts that no version and no file of a package is stored.
async fn assert_nothing_is_kept(app: &TestApp) {
    assert_eq!(app.started.store.versions_of("demo").await.unwrap(), []);
    assert_eq!(files(app), Vec::<PathBuf>::new());
}

/// The files of packages, complete or not.
fn files(app: &TestApp) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![app.folder.path().join("data/packages")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[tokio::test]
async fn a_package_becomes_a_stopped_version_for_browsers_and_programs() {
    let (app, cookie) = demo().await;
    let body = multipart(&[("reason", ""), ("idempotency_key", "f1")], &package::package("v1"));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body)).await;
    answer.leads_to("/runtimes/demo/versions/v1");
    let body = multipart(&[("reason", "nightly"), ("idempotency_key", "f2")], &package::package("v2"));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body)).await;
    assert_eq!(answer.is(201).data()["version"], "v2");
    app.send(app.get("/runtimes/demo").cookie(&cookie)).await.is(200).says("v1").says("v2").says("stopped");
    // Without a script, the form does not know the file, so the server fills in the reason.
    app.send(app.get("/audit").cookie(&cookie)).await.is(200).says("Uploaded greeter.krt").says("nightly");
}

#[tokio::test]
async fn a_reason_of_spaces_is_an_error_of_its_field_as_for_actions() {
    let (app, cookie) = demo().await;
    let body = || multipart(&[("reason", "  "), ("idempotency_key", "f1")], &package::package("v1"));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body())).await;
    assert_eq!(answer.is(422).data()["fields"][0]["field"], "reason");
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body())).await;
    answer.is(422).says("Enter a reason for the audit log.");
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn a_package_with_errors_is_rejected_with_all_errors() {
    let (app, cookie) = demo().await;
    let manifest = package::manifest("v1").replace("exitpoint: greet", "exitpoint: nobody");
    let body = || multipart(&[("reason", "why not"), ("idempotency_key", "f1")], &package::package_of(&manifest));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body())).await;
    let data = answer.is(422).data();
    assert_eq!(data["kind"], "invalid");
    assert!(data["report"]["diagnostics"].as_array().is_some_and(|found| !found.is_empty()), "{data}");
    assert!(data["report"].get("fixed").is_none(), "a fix for a name without similar ones: {data}");
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body())).await;
    answer.is(422).says("nobody").says("why not");
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn a_rejected_package_returns_with_its_fixed_manifest_for_download() {
    let (app, cookie) = demo().await;
    let good = package::manifest("v1");
    let wrong = good.replace("exitpoint: greet", "exitpoint: gret # answers");
    let body =
        |manifest: &str| multipart(&[("reason", "x"), ("idempotency_key", "f1")], &package::package_of(manifest));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body(&wrong))).await;
    let fixed = wrong.replace("gret #", "greet #");
    assert_eq!(answer.is(422).data()["report"]["fixed"]["manifest_text"], fixed);
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body(&wrong))).await;
    answer
        .is(422)
        .says("The problem can be fixed automatically")
        .says("download=\"krt.yml\"")
        .says("%3A%20greet%20%23");
    // A manifest that is too long for a URL is not offered.
    let long = format!("{wrong}# {}\n", "x".repeat(300_000));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body(&long))).await;
    assert!(!answer.is(422).body.contains("download=\"krt.yml\""));
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn an_existing_version_name_is_rejected() {
    let (app, cookie) = demo().await;
    app.version("demo", "v1").await;
    let body = || multipart(&[("reason", "again"), ("idempotency_key", "f2")], &package::package("v1"));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body())).await;
    assert_eq!(answer.is(409).data()["fields"][0]["field"], "package");
    app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(body())).await.is(409).says("\"v1\" already exists");
    assert_eq!(app.started.store.versions_of("demo").await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_interrupted_upload_leaves_nothing() {
    let (app, cookie) = demo().await;
    let whole = multipart(&[("reason", "cut"), ("idempotency_key", "f1")], &package::package("v1"));
    let half = whole[..whole.len() - 200].to_vec();
    let broken = stream::iter([Ok(half.clone()), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    let sent = app.post(NEW_VERSION).cookie(&cookie).multipart_of(Body::from_stream(broken));
    assert!(!app.send(sent).await.status.is_success());
    assert_nothing_is_kept(&app).await;

    // Cancelling in the browser makes the server drop the request.
    let endless = stream::once(async { Ok::<_, io::Error>(half) });
    let endless = futures::StreamExt::chain(endless, stream::pending());
    let sent = app.post(NEW_VERSION).cookie(&cookie).multipart_of(Body::from_stream(endless));
    let begun = testing::eventually_async("a file is begun", testing::DEADLINE, async || files(&app).pop());
    tokio::select! {
        answer = app.router.clone().oneshot(sent.request()) => panic!("it should wait for the rest: {answer:?}"),
        _ = begun => {}
    }
    // Files are removed in the background.
    let is_removed = async || files(&app).is_empty().then_some(());
    testing::eventually_async("the file is removed", testing::DEADLINE, is_removed).await;
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn half_of_a_manifest_is_not_checked() {
    let (app, cookie) = demo().await;
    let whole = String::from_utf8_lossy(&multipart(&[("reason", "cut")], package::manifest("v1").as_bytes()))
        .replace("greeter.krt", "krt.yml")
        .into_bytes();
    let half = whole[..whole.len() - 100].to_vec();
    let broken = stream::iter([Ok(half.clone()), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
    let ended = stream::iter([Ok::<_, io::Error>(half)]);
    for body in [Body::from_stream(broken), Body::from_stream(ended)] {
        let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart_of(body)).await;
        assert!(answer.is(422).data().get("report").is_none(), "{}", answer.body);
    }
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(whole)).await;
    assert!(answer.is(422).data().get("report").is_some(), "{}", answer.body);
}

#[tokio::test]
async fn a_form_without_a_file_or_with_a_too_large_file_is_rejected_with_the_reason() {
    let app = TestApp::start_with(&["--public-url", crate::app::ORIGIN, "--max-upload", "1KiB"]).await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Manager).await;
    let nothing = "--limit\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\nbecause\r\n--limit--\r\n";
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).multipart(nothing.into())).await;
    answer.is(422).says("Choose a .krt file first").says("because");
    let huge = multipart(&[("reason", "huge"), ("idempotency_key", "f1")], &vec![0; 100_000]);
    let length = huge.len().to_string();
    let answer =
        app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(huge).header("content-length", &length)).await;
    answer.is(422).says("larger than 1 KiB");
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn a_package_is_rejected_without_a_session_or_permission() {
    let (app, _) = demo().await;
    let body = || multipart(&[("reason", "x"), ("idempotency_key", "f1")], &package::package("v1"));
    app.send(app.post(NEW_VERSION).multipart(body())).await.is(401).says("nothing was stored");
    let viewer = app.cookie(Role::Viewer).await;
    let answer = app.send(app.post(NEW_VERSION).cookie(&viewer).json().multipart(body())).await;
    assert_eq!(answer.is(403).data()["kind"], "forbidden");
    assert_nothing_is_kept(&app).await;
}

#[tokio::test]
async fn a_form_with_too_many_fields_is_rejected() {
    let (app, cookie) = demo().await;
    let fields = vec![("reason", "again"); 100];
    let body = multipart(&fields, &package::package("v1"));
    let answer = app.send(app.post(NEW_VERSION).cookie(&cookie).json().multipart(body)).await;
    answer.is(422).says("not the upload form");
    assert_nothing_is_kept(&app).await;
}
