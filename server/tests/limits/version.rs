//! Helpers for a version: upload, actions, recorded state.

use std::time::Duration;

use crate::console::Console;
use crate::{http, package};

pub const RUNTIME: &str = "limits";

/// Timeout, generous because other tests run at the same time.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// Creates a runtime with a stopped version of this name, through the forms.
pub fn add(console: &Console, cookie: &str, version: &str) {
    let fields = [
        ("id", RUNTIME),
        ("name", "Limits"),
        ("description", ""),
        ("namespace", "kre-limits"),
        ("idempotency_key", "r"),
    ];
    assert_eq!(status(console.post("/runtimes/new", cookie, &http::urlencoded(&fields))), 303);
    let mut body = Vec::new();
    for (name, value) in [("reason", "a test"), ("idempotency_key", version)] {
        body.extend(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!("form-data; name=\"package\"; filename=\"{version}.krt\"");
    body.extend(format!("--limit\r\nContent-Disposition: {head}\r\n\r\n").bytes());
    body.extend(package::of_version(version));
    body.extend(b"\r\n--limit--\r\n");
    let path = format!("/runtimes/{RUNTIME}/new-version");
    let answer = console.post_as(&path, cookie, "multipart/form-data; boundary=limit", &body);
    assert_eq!(status(answer), 303);
}

/// Takes an action and returns the status of the response.
pub fn take(console: &Console, cookie: &str, version: &str, action: &str) -> u16 {
    let form = format!("{action} {version}");
    let fields = http::urlencoded(&[("reason", "a test"), ("idempotency_key", &form)]);
    status(console.post(&format!("/runtimes/{RUNTIME}/versions/{version}/actions/{action}"), cookie, &fields))
}

/// The recorded state of a version.
pub fn recorded(console: &Console, version: &str) -> String {
    let database = console.database();
    database.query_row("SELECT settled FROM versions WHERE name = ?1", [version], |row| row.get(0)).expect("a version")
}

/// Waits until the condition holds.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    testing::eventually(what, TIMEOUT, || is_so().then_some(()));
}

#[track_caller]
pub fn status(answer: Option<http::Answer>) -> u16 {
    answer.expect("an answer").status
}
