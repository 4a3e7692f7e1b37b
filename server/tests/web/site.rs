//! The front end's files: compressed at build time, and cached by browsers if their name contains a hash.

use krt::roles::Role;
use tempfile::TempDir;

use crate::app::{ORIGIN, TestApp};

/// A folder as the build creates it.
pub fn built() -> TempDir {
    let site = TempDir::new().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    for (file, content) in [
        ("hash.txt", "js: aaaaaaaa\nwasm: bbbbbbbb\ncss: cccccccc\n"),
        ("favicon.svg", "<svg/>"),
        ("pkg/krt-console.bbbbbbbb.wasm", "plain"),
        ("pkg/krt-console.bbbbbbbb.wasm.br", "brotli"),
        ("pkg/krt-console.bbbbbbbb.wasm.gz", "gzip"),
    ] {
        std::fs::write(site.path().join(file), content).unwrap();
    }
    site
}

#[tokio::test]
async fn files_are_served_compressed_and_without_a_session() {
    let site = built();
    let app = TestApp::start_with(&["--public-url", ORIGIN, "--site", site.path().to_str().unwrap()]).await;
    let wasm = "/pkg/krt-console.bbbbbbbb.wasm";
    for (accepted, content, encoding) in
        [("br, gzip", "brotli", "br"), ("gzip", "gzip", "gzip"), ("identity", "plain", "")]
    {
        let answer = app.send(app.get(wasm).header("accept-encoding", accepted)).await;
        assert_eq!((answer.is(200).body.as_str(), answer.header("content-encoding")), (content, encoding));
        assert_eq!(answer.header("content-type"), "application/wasm");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    let answer = app.send(app.get("/favicon.svg")).await;
    assert_eq!((answer.is(200).header("content-type"), answer.header("cache-control")), ("image/svg+xml", "no-cache"));
    let modified = answer.header("last-modified");
    let answer = app.send(app.get("/favicon.svg").header("if-modified-since", modified)).await;
    assert_eq!(answer.is(304).header("cache-control"), "no-cache");
    app.send(app.get("/pkg/krt-console.dddddddd.wasm")).await.is(404);
}

#[tokio::test]
async fn pages_refer_to_files_with_their_hashes() {
    let site = built();
    let app = TestApp::start_with(&["--public-url", ORIGIN, "--site", site.path().to_str().unwrap()]).await;
    let cookie = app.cookie(Role::Viewer).await;
    let answer = app.send(app.get("/runtimes").cookie(&cookie)).await;
    answer.is(200).says("/pkg/krt-console.aaaaaaaa.js").says(r#"href="/pkg/krt-console.cccccccc.css""#);
    answer.says(r#"href="/pkg/krt-console.bbbbbbbb.wasm""#);
    // A page with nothing to hydrate.
    let answer = app.send(app.get("/sign-in")).await;
    answer.is(200).says(r#"href="/pkg/krt-console.cccccccc.css""#);
    assert!(!answer.body.contains("/pkg/krt-console.aaaaaaaa.js") && !answer.body.contains(".wasm"));
}
