//! Malformed requests that no browser sends: the response is always a client error, never a server error, and JSON from
//! server functions.

use axum::http::Method;
use krt::roles::Role;
use serde_json::json;

use crate::app::{Answer, ORIGIN, Sent, TestApp};
use crate::site::built;

/// Bodies that are the arguments of no server function.
const BODIES: [&[u8]; 9] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\"text\"",
    b"\xff\xfe",
    b"runtime=demo",
    b"{\"runtime\": 1, \"version\": [], \"action\": \"explode\"}",
    b"{\"runtime\": \"demo\", \"version\": \"v1\", \"action\": \"explode\", \"request\": {\"action\": \"explode\"}}",
];

/// Asserts that the response is a client error in the JSON format that the front end reads.
#[track_caller]
fn is_refused_as_data(what: &str, answer: &Answer) {
    let text = format!("{what}: {} {}", answer.status, answer.body);
    assert!(answer.status.is_client_error(), "{text}");
    assert_eq!(answer.header("content-type"), "application/json", "{text}");
    let error = answer.data();
    assert!(error["kind"].is_string() && error["fields"].is_array(), "{text}");
    assert!(error["message"].as_str().is_some_and(|message| message.len() > 10), "{text}");
}

fn functions(app: &TestApp) -> Vec<String> {
    let paths = app.routes.iter().map(|route| route.path.clone());
    let all: Vec<_> = paths.filter(|path| path.starts_with("/api/")).collect();
    assert!(all.len() > 10, "{all:?}");
    all
}

#[tokio::test]
async fn every_server_function_rejects_garbage_with_json() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Admin).await;
    for path in functions(&app) {
        // Functions without arguments ignore the body; all others validate it.
        let takes_none = ["/api/get-frame", "/api/list-runtimes", "/api/get-idempotency-key"].contains(&path.as_str());
        for body in BODIES {
            let sent = app.post(&path).cookie(&cookie).body("application/json", body.to_vec());
            let answer = app.send(sent).await;
            let what = format!("{path} {}", String::from_utf8_lossy(body));
            if takes_none && answer.status == 200 {
                continue;
            }
            is_refused_as_data(&what, &answer);
            // Invalid JSON gets its own status.
            if serde_json::from_slice::<serde_json::Value>(body).is_err() {
                assert_eq!(answer.status, 400, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_server_function_returns_json_for_errors_of_the_middleware() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Admin).await;
    for path in functions(&app) {
        // As a browser form sends it: the response must be neither a page nor a redirect to the form.
        let form =
            || app.post(&path).cookie(&cookie).header("referer", "http://console.test/runtimes").form(&[("a", "b")]);
        for (what, sent, status) in [
            ("another content type", form(), 415),
            ("no content type", app.post(&path).cookie(&cookie), 415),
            ("another method", app.get(&path).cookie(&cookie), 405),
            ("no session", app.post(&path).body("application/json", b"{}".to_vec()), 401),
            ("no origin", app.post(&path).cookie(&cookie).without(axum::http::header::ORIGIN), 403),
            ("too much", app.post(&path).cookie(&cookie).body("application/json", vec![b' '; 4 * 1024 * 1024]), 413),
        ] {
            let answer = app.send(sent).await;
            is_refused_as_data(&format!("{path}: {what}"), answer.is(status));
        }
        let method = Sent::of(Method::DELETE, &path).header("origin", ORIGIN).cookie(&cookie);
        is_refused_as_data(&path, app.send(method).await.is(405));
    }
}

#[tokio::test]
async fn an_unknown_function_is_not_found_with_json() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Admin).await;
    for path in
        ["/api/explode", "/api/get-frame/", "/api/get-frame/more", "/api/%ff", &format!("/api/{}", "x".repeat(1500))]
    {
        for sent in [app.get(path), app.post(path), app.post(path).body("application/json", b"{".to_vec())] {
            is_refused_as_data(path, app.send(sent.cookie(&cookie)).await.is(404));
        }
    }
}

#[tokio::test]
async fn a_known_error_of_a_function_keeps_its_own_status() {
    let app = TestApp::start().await;
    let cookie = app.cookie(Role::Manager).await;
    for (path, arguments, status) in [
        ("/api/get-runtime", json!({"runtime": "nowhere", "filter": {}}), 404),
        ("/api/create-runtime", json!({"runtime": {"id": "No!"}}), 422),
    ] {
        let answer = app.send(app.post(path).cookie(&cookie).arguments(&arguments)).await;
        is_refused_as_data(path, answer.is(status));
    }
}

/// Invalid path segments: too long for a file system, not UTF-8, malformed percent-encoding.
fn parts() -> Vec<String> {
    let long = |length| "x".repeat(length);
    let mut all = vec![long(252), long(255), long(256), long(5000), "%C3%A9".repeat(100)];
    all.extend(["%FF%FE", "%", "%zz", "%00", "%2e%2e%2f", "explode", "%E2%80%AE"].map(str::to_owned));
    all
}

#[tokio::test]
async fn no_path_causes_a_server_error() {
    // With a folder of files, because only then can a name be too long.
    let site = built();
    let app = TestApp::start_with(&["--public-url", ORIGIN, "--site", site.path().to_str().unwrap()]).await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Admin).await;
    let mut patterns: Vec<_> =
        app.routes.iter().map(|route| route.path.clone()).filter(|path| path.contains('{')).collect();
    patterns.extend(
        ["/{any}", "/pkg/{any}", "/pkg/{any}.js", "/runtimes/{runtime}/{any}", "/api/{any}"].map(str::to_owned),
    );
    patterns.sort();
    patterns.dedup();
    for pattern in patterns {
        for part in parts() {
            // Garbage in one parameter at a time; the others name existing objects.
            let parameters: Vec<_> = pattern.split('/').filter(|part| part.contains('{')).collect();
            for wrong in parameters {
                let path = pattern.split('/').map(|piece| match piece {
                    piece if piece == wrong && wrong.ends_with('}') => part.clone(),
                    piece if piece == wrong => format!("{part}.js"),
                    "{runtime}" => "demo".to_owned(),
                    "{version}" => "v1".to_owned(),
                    "{action}" => "start".to_owned(),
                    "{file}" => "v1.krt".to_owned(),
                    piece => piece.to_owned(),
                });
                let path = path.collect::<Vec<_>>().join("/");
                for method in [Method::GET, Method::POST] {
                    let sent = Sent::of(method.clone(), &path).header("origin", ORIGIN).cookie(&cookie);
                    let answer = app.send(sent.header("accept-encoding", "br, gzip").form(&[("a", "b")])).await;
                    let status = answer.status.as_u16();
                    let text = format!("{method} {} …: {status}", &path[..path.len().min(80)]);
                    let is_refused = [400, 401, 404, 405, 414, 422].contains(&status);
                    // Rule codes and package IDs are looked up; a page may also redirect.
                    assert!(is_refused || answer.status.is_redirection(), "{text} {}", answer.body);
                }
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_value_in_a_query_causes_no_server_error() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Admin).await;
    for query in [
        "archived=maybe",
        "archived=%FF",
        "archived",
        "=",
        "&&&",
        "%",
        "p=-1",
        "before=never&person=%00",
        "action=explode",
    ] {
        for page in ["/runtimes", "/runtimes/demo", "/audit", "/rules", "/sign-in"] {
            let path = format!("{page}?{query}");
            let status = app.send(app.get(&path).cookie(&cookie)).await.status;
            assert!(status.as_u16() < 500, "{path}: {status}");
        }
    }
}
