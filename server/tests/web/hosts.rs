//! The host names that the console accepts.

use krt::roles::Role;

use crate::app::{ORIGIN, TestApp};

#[tokio::test]
async fn a_request_for_another_host_is_misdirected() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Viewer).await;
    for path in ["/", "/sign-in", "/runtimes", "/pkg/app.css", "/internal/packages/x", "/nowhere", "/healthzz"] {
        let answer = app.send(app.get(path).header("host", "evil.example").cookie(&cookie)).await;
        answer.is(421).says("--allowed-host");
    }
    app.send(app.get("/runtimes").header("host", "CONSOLE.test:8080").cookie(&cookie)).await.is(200);
    app.send(app.get("/runtimes").header("host", "localhost:3000").cookie(&cookie)).await.is(200);
    app.send(app.get("/runtimes").without(axum::http::header::HOST).cookie(&cookie)).await.is(421);
    app.send(app.get("http://evil.example/runtimes").cookie(&cookie)).await.is(421);
}

#[tokio::test]
async fn a_form_for_another_host_changes_nothing_with_any_origin() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let form = app.post("/runtimes/new").cookie(&cookie).header("host", "evil.example");
    let form = form.header("origin", "http://evil.example").form(&[
        ("name", "Demo"),
        ("id", "demo"),
        ("idempotency_key", "f1"),
    ]);
    app.send(form).await.is(421);
    assert_eq!(app.started.store.runtimes().await.unwrap(), []);
}

#[tokio::test]
async fn probes_and_pods_use_their_own_host_names() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        app.send(app.get(path).header("host", "10.2.3.4:3000")).await.is(200);
    }
    let pods = "krt-console.krt-console.svc:3000";
    app.send(app.get("/internal/packages/nothing").header("host", pods)).await.is(404);
}

#[tokio::test]
async fn other_names_can_be_allowed() {
    let options = ["--public-url", ORIGIN, "--allowed-host", "other.test,*.many.test"];
    let app = TestApp::start_with(&options).await;
    app.send(app.get("/sign-in").header("host", "other.test")).await.is(200);
    app.send(app.get("/sign-in").header("host", "one.many.test:81")).await.is(200);
    app.send(app.get("/sign-in").header("host", "many.test")).await.is(421);
}

#[tokio::test]
async fn browsers_must_keep_using_https_if_the_public_url_does() {
    let app = TestApp::start().await;
    assert_eq!(app.send(app.get("/sign-in")).await.header("strict-transport-security"), "");
    let app = TestApp::start_with(&["--public-url", "https://console.test"]).await;
    for path in ["/sign-in", "/nowhere", "/healthz"] {
        assert_eq!(app.send(app.get(path)).await.header("strict-transport-security"), "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn readiness_names_background_tasks_that_are_down() {
    let app = TestApp::start().await;
    app.send(app.get("/readyz")).await.is(200);
    let supervisor = app.started.supervisor.clone();
    // A task that ends at once, every time.
    tokio::spawn(async move { supervisor.forever("live announcer", async || {}).await });
    testing::eventually_async("it is not ready", testing::DEADLINE, async || {
        Some(app.send(app.get("/readyz")).await).filter(|answer| answer.status == 503)
    })
    .await
    .says("not running: live announcer");
    app.send(app.get("/healthz")).await.is(200);
}
