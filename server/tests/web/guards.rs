//! The middleware: origin, headers, sizes, and unknown URLs.

use axum::http::header;
use krt::roles::Role;

use crate::app::TestApp;

#[tokio::test]
async fn requests_of_other_origins_are_rejected() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let fields = [("name", "Demo"), ("id", "demo"), ("idempotency_key", "f1")];
    for origin in ["https://evil.example", "null"] {
        let form = app.post("/runtimes/new").cookie(&cookie).header("origin", origin).form(&fields);
        app.send(form).await.is(403).says("does not come from a page of this console");
    }
    let form = app.post("/runtimes/new").cookie(&cookie).without(header::ORIGIN).form(&fields);
    app.send(form).await.is(403);
    let form = app.post("/runtimes/new").cookie(&cookie).header("sec-fetch-site", "cross-site").form(&fields);
    app.send(form).await.is(403);
    assert_eq!(app.started.store.runtimes().await.unwrap(), []);
}

#[tokio::test]
async fn scripts_need_the_nonce_of_their_response() {
    let app = TestApp::start().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = app.send(app.get("/sign-in")).await;
        let policy = answer.is(200).header("content-security-policy");
        let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
        let scripts = answer.body.matches("<script").count();
        assert!(scripts > 0);
        assert_eq!(answer.body.matches(&format!("nonce=\"{nonce}\"")).count(), scripts);
        // Browsers hide the `nonce` attribute; style sheets could read a nonce in any other attribute.
        assert_eq!(answer.body.matches(&nonce).count(), scripts);
        assert!(!answer.body.contains(" style=\""), "inline styles are not allowed by the policy");
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let app = TestApp::start().await;
    for path in ["/sign-in", "/healthz", "/nowhere", "/runtimes"] {
        let answer = app.send(app.get(path)).await;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_rejected_before_it_is_parsed() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let huge = "x".repeat(70_000);
    let form = app.post("/runtimes/new").cookie(&cookie).form(&[("name", &huge)]);
    app.send(form).await.is(413).says("the limit here is 64 KiB");
    let arguments = serde_json::json!({ "runtime": huge, "filter": {} });
    let answer = app.send(app.post("/api/get-runtime").cookie(&cookie).arguments(&arguments)).await;
    assert_eq!(answer.is(413).data()["kind"], "invalid");
    // Without a session, large bodies are not read.
    app.runtime("demo").await;
    let form = app.post("/runtimes/demo/versions/v1/configuration").form(&[("A", &huge.repeat(100))]);
    app.send(form).await.is(401);
}

#[tokio::test]
async fn a_body_with_too_many_fields_is_rejected_and_undeclared_fields_are_dropped() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let form = app.post("/runtimes/new").cookie(&cookie).form(&[("name", ""); 100]);
    app.send(form).await.is(413).says("the limit is 13");
    let list = vec![0; 100];
    let arguments = serde_json::json!({ "runtime": "demo", "filter": list });
    let answer = app.send(app.post("/api/get-runtime").cookie(&cookie).arguments(&arguments)).await;
    assert_eq!(answer.is(413).data()["kind"], "invalid");
    for cookie in [cookie.as_str(), ""] {
        let form = app.post("/runtimes/new").cookie(cookie).form(&[
            ("id", "No!"),
            ("name", "mine"),
            ("other", "not-declared"),
        ]);
        let answer = app.send(form).await;
        answer.says("mine");
        assert!(!answer.body.contains("not-declared"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_field_beyond_its_limit_is_rejected_by_name() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let form = app.post("/runtimes/new").cookie(&cookie).form(&[("name", &"x".repeat(3_000))]);
    app.send(form).await.is(413).says("Field name: 3000 bytes; the limit is 2048.");
}

#[tokio::test]
async fn a_url_that_is_too_long_is_rejected() {
    let app = TestApp::start().await;
    app.send(app.get(&format!("/sign-in?next=/{}", "x".repeat(3_000)))).await.is(414).says("the limit is 2048");
    // After signing in, only paths of usual length are returned to.
    app.send(app.get(&format!("/audit?person={}", "x".repeat(1_000)))).await.leads_to("/sign-in");
}

#[tokio::test]
async fn missing_objects_are_not_found() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Viewer).await;
    for path in [
        "/nowhere",
        "/runtimes/nowhere",
        "/runtimes/demo/versions/v9",
        "/runtimes/demo/versions/v9/manifest",
        "/runtimes/demo/versions/v9/actions/start",
        "/runtimes/demo/versions/v9/download/v9.krt",
        "/runtimes/demo/versions/v9/download/krt.yml",
        "/pkg/nothing.js",
        "/pkg/../../etc/passwd",
    ] {
        let answer = app.send(app.get(path).cookie(&cookie)).await;
        answer.is(404);
        assert!(answer.body.contains("href=\"/runtimes\""), "{path} has no link to the runtimes: {}", answer.body);
    }
}

#[tokio::test]
async fn an_unsupported_method_is_rejected_with_the_allowed_ones() {
    let app = TestApp::start().await;
    let answer = app.send(app.get("/sign-out")).await;
    answer.is(405).says("does not accept this request method");
    assert_eq!(answer.header("allow"), "POST");
    app.send(app.post("/audit")).await.is(405);
}

#[tokio::test]
async fn names_from_people_and_urls_never_become_html() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    let hostile = "</title><b>x</b>";
    let fields = [("name", hostile), ("id", "demo"), ("idempotency_key", "f1")];
    app.send(app.post("/runtimes/new").cookie(&cookie).form(&fields)).await.leads_to("/runtimes/demo");
    let typed = "%3C%2Ftitle%3E%3Cb%3Ex%3C%2Fb%3E";
    for path in [
        "/runtimes",
        "/runtimes/demo",
        "/runtimes/demo/new-version",
        &format!("/runtimes/{typed}"),
        &format!("/runtimes/demo/versions/{typed}"),
        &format!("/runtimes/demo/versions/{typed}/configuration"),
        &format!("/runtimes/demo/versions/v1/actions/{typed}"),
        &format!("/audit?person={typed}"),
        &format!("/sign-in?token={typed}&next={typed}"),
    ] {
        let answer = app.send(app.get(path).cookie(&cookie)).await;
        assert!(!answer.body.contains("<b>x"), "{path}: {}", answer.body);
    }
}
