//! The cost of pages with any data: bytes of HTML, and memory while many requests render a page at once.

use crate::console::{Console, MIB};
use crate::stored;

/// Maximum bytes of an HTML page, uncompressed.
const PAGE: usize = 1_000_000;

#[test]
fn a_runtime_of_five_thousand_versions_is_listed_in_pages() {
    let console = Console::start();
    let cookie = console.sign_in();
    stored::versions(&console.database(), 5_001);
    let page = console.get("/runtimes/demo", &cookie).expect("an answer");
    assert_eq!(page.status, 200);
    assert!(page.body.len() <= PAGE, "{} bytes", page.body.len());
    for version in ["v5000", "v4901"] {
        assert!(page.body.contains(&format!("/versions/{version}\"")), "{version} is missing");
    }
    let older = console.get("/runtimes/demo?before=v4901", &cookie).expect("an answer");
    assert!(older.body.contains("/versions/v4900\"") && !older.body.contains("/versions/v4901\""));
    let found = console.get("/runtimes/demo?name=v123", &cookie).expect("an answer");
    assert!(found.body.contains("/versions/v1239\"") && !found.body.contains("/versions/v4901\""));
    console.forget_peak();
    let before = console.resident();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(console.get("/runtimes/demo", &cookie).expect("an answer").status, 200));
        }
    });
    let cost = console.peak().saturating_sub(before) / MIB;
    assert!(cost <= 64, "20 pages at once took {cost} MiB");
}

#[test]
fn saved_logs_are_cut_on_a_page_and_complete_in_the_download() {
    let console = Console::start();
    let cookie = console.sign_in();
    stored::versions(&console.database(), 1);
    let line = format!("2026-11-21T09:31:07.000Z INFO {}", "x".repeat(970));
    stored::logs(&console.database(), "v0", 30, &line);
    console.forget_peak();
    let before = console.resident();
    let page = console.get("/runtimes/demo/versions/v0/log", &cookie).expect("an answer");
    let cost = console.peak().saturating_sub(before) / MIB;
    assert_eq!(page.status, 200);
    assert!(page.body.len() <= PAGE, "{} bytes", page.body.len());
    assert!(cost <= 32, "the page took {cost} MiB");
    for pod in ["pod-0", "pod-29"] {
        assert!(page.body.contains(pod), "{pod} is missing");
    }
    let path = "/runtimes/demo/versions/v0/download/logs.txt";
    assert!(page.body.contains(path));
    console.forget_peak();
    let before = console.resident();
    let file = console.get(path, &cookie).expect("an answer");
    let cost = console.peak().saturating_sub(before) / MIB;
    assert_eq!(file.body.matches(&line).count(), 30_000);
    assert!(cost <= 32, "the file took {cost} MiB");
}

#[test]
fn the_page_of_a_version_with_thousands_of_nodes_links_to_a_list_and_images() {
    let console = Console::start();
    let cookie = console.sign_in();
    stored::of_every_kind(&console.database());
    for (version, words) in [("nodes", "This version has 10000 nodes"), ("few", "2000 nodes in 1000 workflows")] {
        let page = console.get(&format!("/runtimes/demo/versions/{version}"), &cookie).expect("an answer");
        assert_eq!(page.status, 200);
        assert!(page.body.len() <= PAGE, "{} bytes", page.body.len());
        assert!(page.body.contains(words) && !page.body.contains("graph-picture\" role=\"img\" aria-label=\"Workflow"));
    }
    let picture = console.get("/runtimes/demo/versions/few/graph/w7.svg", &cookie).expect("an answer");
    assert!(picture.status == 200 && picture.body.starts_with("<svg"), "{}", picture.body);
}
