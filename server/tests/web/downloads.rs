//! Downloads of packages and manifests.

use krt::roles::Role;

use crate::app::TestApp;
use crate::package;

#[tokio::test]
async fn the_stored_package_and_its_manifest_are_returned_unchanged() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Viewer).await;
    let answer = app.send(app.get("/runtimes/demo/versions/v1/download/v1.krt").cookie(&cookie)).await;
    assert_eq!(answer.is(200).bytes, package::package("v1"));
    assert_eq!(answer.header("content-type"), "application/gzip");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"v1.krt\"");
    assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
    assert_eq!(answer.header("content-encoding"), "");
    let answer = app.send(app.get("/runtimes/demo/versions/v1/download/krt.yml").cookie(&cookie)).await;
    assert_eq!(answer.is(200).body, package::manifest("v1"));
    assert!(answer.header("content-disposition").starts_with("attachment"));
    app.send(app.get("/runtimes/demo/versions/v1/download/v2.krt").cookie(&cookie)).await.is(404);
}

#[tokio::test]
async fn for_a_missing_file_browsers_get_a_page_and_programs_get_json() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Viewer).await;
    for file in ["v9.krt", "krt.yml", "other.txt"] {
        let path = format!("/runtimes/demo/versions/v9/download/{file}");
        let answer = app.send(app.get(&path).cookie(&cookie).header("accept", "text/html,*/*")).await;
        answer.is(404).says("<h1>Not found</h1>").says("All runtimes");
        let answer = app.send(app.get(&path).cookie(&cookie).header("accept", "*/*")).await;
        assert_eq!(answer.is(404).data()["kind"], "not-found");
    }
}

#[tokio::test]
async fn pods_fetch_only_the_package_of_their_token() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    app.version("demo", "v2").await;
    let versions = app.started.store.versions_of("demo").await.unwrap();
    let (one, other) = (&versions[0], &versions[1]);
    let path = format!("/internal/packages/{}", one.uid);
    let with = |token: &str| app.get(&path).header("authorization", &format!("Bearer {token}"));
    let answer = app.send(with(&app.started.store.package_token(&one.uid))).await;
    assert_eq!(answer.is(200).bytes, package::package(&one.name));
    for wrong in [app.started.store.package_token(&other.uid), String::new(), "0".repeat(64)] {
        app.send(with(&wrong)).await.is(404);
    }
    app.send(app.get(&path)).await.is(404);
    // A user's session gives no access here.
    app.send(app.get(&path).cookie(&app.cookie(Role::Admin).await)).await.is(404);
}
