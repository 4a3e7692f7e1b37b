//! The status of every route for every role, as one table. The test fails for a route that is not in the table and for
//! a changed status.

use krt::roles::Role;
use serde_json::{Value, json};
use server::web::{Access, Route};
use tower::ServiceExt;

use crate::app::{Sent, TestApp};
use crate::upload::multipart;

/// The arguments for a server function. Writes have invalid arguments, so that they fail after the permission check.
fn arguments(function: &str) -> Value {
    let version = json!({ "runtime": "demo", "version": "v1" });
    let action = json!({ "runtime": "demo", "version": "v1", "action": "start", "reason": "", "idempotency_key": "f" });
    match function {
        "get-frame" | "get-idempotency-key" => json!({}),
        "list-runtimes" => json!({ "after": "" }),
        "get-runtime" => json!({ "runtime": "demo", "filter": {} }),
        "show-tab" => json!({ "runtime": "demo", "version": "v1", "tab": "log", "from": "" }),
        "get-configuration" => json!({ "runtime": "demo", "version": "v1", "from": 0 }),
        "create-runtime" => json!({ "runtime": { "id": "No!" } }),
        "get-version" => version,
        "set-configuration" => json!({ "runtime": "demo", "version": "v1", "values": [["NOT_DECLARED", "x"]] }),
        "preview-action" => json!({ "runtime": "demo", "version": "v1", "action": "start" }),
        "take-action" => json!({ "request": action }),
        "list-activity" => json!({ "filter": {} }),
        other => panic!("/api/{other} has no arguments in this test"),
    }
}

/// A request to this route for something that exists.
fn request(app: &TestApp, route: &Route, uid: &str) -> Sent {
    let mut path = route.path.clone();
    for (parameter, value) in [
        ("{runtime}", "demo"),
        ("{version}", "v1"),
        ("{action}", "start"),
        ("graph/{file}", "graph/greeting.svg"),
        ("{file}", "v1.krt"),
        ("{name}", "GREETING"),
        ("{uid}", uid),
        ("{code}", "name-form"),
    ] {
        path = path.replace(parameter, value);
    }
    assert!(!path.contains('{'), "{path} has a parameter that this test does not know");
    if let Some(function) = path.strip_prefix("/api/") {
        return app.post(&path).arguments(&arguments(function));
    }
    match route.method.as_str() {
        "GET" => app.get(&path),
        "POST" if path.ends_with("/new-version") => {
            app.post(&path).multipart(multipart(&[("idempotency_key", "f")], b"no gzip"))
        }
        "POST" if path.ends_with("/configuration") => app.post(&path).form(&[("value:NOT_DECLARED", "x")]),
        "POST" => app.post(&path).form(&[]),
        other => panic!("{other} {path}: this test does not know the method"),
    }
}

#[tokio::test]
async fn every_route_answers_each_role_as_the_table_says() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let uid = app.started.store.versions_of("demo").await.unwrap()[0].uid.clone();
    let mut routes = app.routes.clone();
    routes.sort();
    assert!(!routes.is_empty());

    let mut table = String::new();
    for route in &routes {
        let mut line = format!("{} {}:", route.method, route.path);
        for role in [None, Some(Role::Viewer), Some(Role::Manager), Some(Role::Admin)] {
            let mut sent = request(&app, route, &uid);
            if let Some(role) = role {
                sent = sent.cookie(&app.cookie(role).await);
            }
            // Some responses never end; only the status matters here.
            let status = app.router.clone().oneshot(sent.request()).await.unwrap().status().as_u16();
            if role.is_none() && route.access == Access::SignedIn {
                assert!([303, 401].contains(&status), "{} {} is open to everyone: {status}", route.method, route.path);
            }
            line += &format!(" {} {status}", role.map_or("nobody", Role::as_str));
        }
        table += &line;
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}
