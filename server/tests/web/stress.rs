use crate::app::TestApp;
use krt::roles::Role;
use futures::StreamExt;
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stress_multi() { stress().await }
#[tokio::test]
async fn stress_current() { stress().await }
async fn stress() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Viewer).await;
    for path in ["/runtimes/demo/versions/v9/actions/start", "/runtimes/demo/versions/v9/manifest", "/runtimes/demo", "/runtimes", "/audit","/runtimes/new"] {
        let bad = futures::stream::iter(0..1000).map(|_| {
            let request = app.get(path).cookie(&cookie).request();
            use tower::ServiceExt;
            let router = app.router.clone();
            async move { tokio::spawn(tokio::time::timeout(std::time::Duration::from_millis(6000), async move {
                let r = router.oneshot(request).await.unwrap();
                use http_body_util::BodyExt;
                r.into_body().collect().await.unwrap();
            })).await.map_or(1000, |r| r.is_err() as u32) }
        }).buffer_unordered(16).fold(0, |a, b| async move { a + b }).await;
        eprintln!("{path}: {bad} of 1000 hang");
    }
}
