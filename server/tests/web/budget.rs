//! Every page has a size budget, whatever was uploaded: requests all routes that return HTML with the worst data that a
//! store can hold. New pages are included automatically.

use app::budget::PAGE;
use http_body_util::BodyExt;
use krt::lifecycle::Action;
use krt::roles::Role;
use serde_json::json;
use tower::ServiceExt;

use crate::app::TestApp;
use crate::stored::{self, DEAR};

const VERSIONS: [&str; 4] = ["text", "dense", "nodes", "few"];

async fn filled() -> (TestApp, String) {
    let app = TestApp::start().await;
    let database = rusqlite::Connection::open(app.folder.path().join("data/krt-console.sqlite")).unwrap();
    stored::of_every_kind(&database);
    let cookie = app.cookie(Role::Admin).await;
    (app, cookie)
}

/// The URLs of a route, with and without query parameters.
fn addresses(path: &str) -> Vec<String> {
    let each = |addresses: Vec<String>, parameter: &str, values: &[&str]| -> Vec<String> {
        let one = |address: String| match address.contains(parameter) {
            true => values.iter().map(|value| address.replace(parameter, value)).collect(),
            false => vec![address],
        };
        addresses.into_iter().flat_map(one).collect()
    };
    let actions = Action::ON_A_VERSION.map(Action::as_str);
    let codes: Vec<_> = krt::rules::ALL.iter().map(|rule| rule.code).collect();
    let mut all = each(vec![path.to_owned()], "{runtime}", &["demo"]);
    all = each(all, "{version}", &VERSIONS);
    all = each(all, "{action}", &actions);
    all = each(all, "{code}", &codes);
    all = each(all, "graph/{file}", &["graph/w0.svg"]);
    all = each(all, "{file}", &["krt.yml"]);
    all = each(all, "{name}", &["A"]);
    all = each(all, "{uid}", &["text"]);
    assert!(all.iter().all(|address| !address.contains('{')), "{path} has a parameter that this test does not know");
    let asked = all.iter().map(|address| format!("{address}?archived=1&show=values&from=10&after=r10&name=v&q=name"));
    let asked: Vec<_> = asked.collect();
    all.into_iter().chain(asked).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_at_most_a_megabyte_with_any_data() {
    let (app, cookie) = filled().await;
    let (mut pages, mut too_large) = (0, Vec::new());
    // The live stream never ends.
    for route in app.routes.iter().filter(|route| route.method == "GET" && route.path != "/events") {
        for address in addresses(&route.path) {
            let answer = app.send(app.get(&address).cookie(&cookie)).await;
            if !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            assert!(!answer.status.is_server_error(), "{address}: {}", answer.status);
            pages += 1;
            if answer.bytes.len() > PAGE {
                too_large.push(format!("{address}: {} bytes", answer.bytes.len()));
            }
        }
    }
    assert!(pages > 50, "{pages} pages were found");
    assert!(too_large.is_empty(), "{too_large:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_of_server_functions_have_at_most_a_megabyte() {
    let (app, cookie) = filled().await;
    for version in VERSIONS {
        let mut asked = vec![
            ("list-runtimes", json!({ "after": "" })),
            ("get-runtime", json!({ "runtime": "demo", "filter": { "archived": true } })),
            ("get-version", json!({ "runtime": "demo", "version": version })),
            ("get-configuration", json!({ "runtime": "demo", "version": version, "from": 0 })),
            ("list-activity", json!({ "filter": {} })),
        ];
        for tab in ["log", "objects", "manifest", "nodes"] {
            asked.push(("show-tab", json!({ "runtime": "demo", "version": version, "tab": tab, "from": "" })));
        }
        for (function, arguments) in asked {
            let answer = app.send(app.post(&format!("/api/{function}")).cookie(&cookie).arguments(&arguments)).await;
            assert!(answer.is(200).bytes.len() <= PAGE, "{function} of {version}: {} bytes", answer.bytes.len());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_too_long_for_its_page_is_kept_and_can_be_downloaded() {
    let (app, cookie) = filled().await;
    let name = format!("{}0000", "f".repeat(200));
    let page = "/runtimes/demo/versions/text/configuration";
    // Files are listed after the 1,500 variables.
    let answer = app.send(app.get(&format!("{page}?from=1500")).cookie(&cookie)).await;
    answer.is(200).says("too long for this page").says(&format!("{page}/{name}"));
    assert!(!answer.body.contains(&format!("name=\"keep-empty:{name}\"")));
    let form = [(&*format!("value:{name}"), "")];
    app.send(app.post(page).cookie(&cookie).form(&form)).await.is(303);
    let value = app.send(app.get(&format!("{page}/{name}")).cookie(&cookie)).await;
    assert_eq!(value.is(200).bytes.len(), 400_000);
    assert_eq!(value.header("content-disposition"), format!("attachment; filename=\"{name}\""));
    app.send(app.get(&format!("{page}/{name}")).cookie(&app.cookie(Role::Viewer).await)).await.is(403);
}

/// Manifests with as many and as long problems as possible.
fn bad_manifests() -> Vec<String> {
    let head =
        "krtVersion: v2\nversion: v1\ndescription: x\nentrypoint:\n  proto: a.proto\n  image: a/b:1\nworkflows:\n";
    let workflow = "  - name: w\n    entrypoint: Do\n    exitpoint: n0\n    nodes:\n";
    let nodes = |count: usize, name: &str| {
        let node = |n| {
            format!(
                "      - name: \"{name}{n}\"\n        image: \"{name} {n}\"\n        src: \"/{name}\"\n        subscriptions: [\"{name}\", \"{name}\"]\n"
            )
        };
        (0..count).map(node).collect::<String>()
    };
    vec![
        format!("{head}{workflow}{}", nodes(20, &DEAR.repeat(200))),
        format!("{head}{workflow}{}", nodes(60, "X&")),
        (0..600).map(|n| format!("{}{n}: x\n", "k".repeat(200))).collect(),
        format!("{head}{}", DEAR.repeat(300_000)),
        format!("# {}\n{head}", DEAR.repeat(500_000)),
        format!("{}description: {}\n", head.replace("description: x\n", ""), DEAR.repeat(300_000)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_upload_returns_a_report_that_fits_on_its_page() {
    let app = TestApp::start().await;
    app.runtime("demo").await;
    let cookie = app.cookie(Role::Manager).await;
    for (number, manifest) in bad_manifests().into_iter().enumerate() {
        for reason in [DEAR.repeat(10_000), "a test".to_owned()] {
            let body = crate::upload::multipart_named(&[("reason", &reason)], "krt.yml", manifest.as_bytes());
            let sent = app.post("/runtimes/demo/new-version").cookie(&cookie).multipart(body);
            // Without the timeout of `send`: proving fixes is slow in test builds.
            let answer = app.router.clone().oneshot(sent.request()).await.unwrap();
            assert!(answer.status().is_client_error(), "{number}: {}", answer.status());
            let length = answer.into_body().collect().await.unwrap().to_bytes().len();
            assert!(length <= PAGE, "{number}: {length} bytes");
        }
    }
}
