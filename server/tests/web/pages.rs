//! Pages rendered concurrently: no page may affect another one.

use futures::stream::{self, StreamExt};
use krt::roles::Role;

use crate::app::TestApp;

/// Concurrent requests: enough that some are rendered while others wait for the store.
const AT_ONCE: usize = 16;

#[tokio::test]
async fn a_new_version_was_added_and_never_stopped() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let page = app.send(app.get("/runtimes/demo/versions/v1").cookie(&cookie)).await;
    page.is(200).says("; not started yet");
    assert!(!page.body.contains("Stopped since") && !page.body.contains("<dt>Stopped</dt>"), "{}", page.body);
}

#[tokio::test]
async fn the_audit_log_and_the_history_of_a_version_name_things_alike() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Admin).await;
    let audit = app.send(app.get("/audit").cookie(&cookie)).await;
    let link = "href=\"/runtimes/demo/versions/v1\"";
    audit.is(200).says("<th scope=\"col\">Where</th>").says(link);
    for name in ["Who", "What"] {
        audit.says(&format!("<th scope=\"col\">{name}</th>")).says(&format!(">{name}</label>"));
    }
    // The history is about one version, which its rows do not name again.
    let history = app.send(app.get("/runtimes/demo/versions/v1/history").cookie(&cookie)).await;
    history.is(200).says("<th scope=\"col\">What</th>");
    let rows = history.body.split_once("<tbody>").expect("a table").1;
    assert!(!history.body.contains("Where</th>") && !rows.contains(link), "{}", history.body);
}

#[tokio::test]
async fn concurrent_pages_are_all_complete() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    app.version("demo", "v1").await;
    let cookie = app.cookie(Role::Manager).await;
    let version = "/runtimes/demo/versions/v1";
    let tabs = [
        ("", "v1 · KRT Console"),
        ("/configuration", "v1 · Configuration · KRT Console"),
        ("/log", "v1 · Logs · KRT Console"),
        ("/objects", "v1 · Objects · KRT Console"),
        ("/manifest", "v1 · Manifest · KRT Console"),
        ("/history", "v1 · History · KRT Console"),
        ("/actions/start", "v1 · KRT Console"),
    ];
    let mut pages: Vec<_> = tabs.iter().map(|(tab, title)| (format!("{version}{tab}"), 200, *title)).collect();
    pages.push(("/runtimes".to_owned(), 200, "Runtimes · KRT Console"));
    pages.push(("/runtimes/demo".to_owned(), 200, "Runtime demo · KRT Console"));
    pages.push(("/audit".to_owned(), 200, "Audit log · KRT Console"));
    pages.push(("/runtimes/demo/versions/v9".to_owned(), 404, "v9 · KRT Console"));
    let requests = pages.iter().cycle().take(20 * pages.len());
    let (app, cookie) = (&app, &cookie);
    let answers = stream::iter(requests).map(|(path, status, title)| async move {
        let answer = app.send(app.get(path).cookie(cookie)).await;
        answer.is(*status).says(&format!("<title>{title}</title>"));
        assert!(answer.body.contains("</html>"), "{path} was cut off");
    });
    answers.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}
