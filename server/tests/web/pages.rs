//! Pages rendered concurrently: no page may affect another one.

use futures::stream::{self, StreamExt};
use krt::roles::Role;

use crate::app::TestApp;

/// Concurrent requests: enough that some are rendered while others wait for the store.
const AT_ONCE: usize = 16;

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
        ("/log", "v1 · Log · KRT Console"),
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
