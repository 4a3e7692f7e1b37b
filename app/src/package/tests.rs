//! Reports and the form that adds a version, as the server renders them.

use krt::package::{Member, MemberKind, Report, check_bare};
use leptos::prelude::*;

use super::AddVersion;
use super::report_view::ReportView;

const MANIFEST: &str = "krtVersion: v2
version: greeter-v1
description: Greets.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:latest
config:
  variables:
    - WEBHOOK_URL
  files:
    - MODEL
workflows:
  - name: greeting
    entrypoint: Greet
    exitpoint: output
    nodes:
      - name: output
        image: konstellation/kre-py:latest
        src: src/main.py
        subscriptions:
          - entrypoint
";

/// The server's HTML without the hydration markers (`<!>`) between its nodes.
fn without_markers(html: String) -> String {
    html.replace("<!>", "")
}

fn render(report: Report) -> String {
    let file = if report.bare { "greeter.yml" } else { "greeter.krt" };
    without_markers(
        Owner::new().with(|| view! { <ReportView file report=report.outlined() note="checked" /> }.to_html()),
    )
}

#[test]
fn a_package_without_problems_is_shown_with_its_contents() {
    let mut report = check_bare(MANIFEST.as_bytes());
    report.bare = false;
    report.members = vec![Member { path: "krt.yml".to_owned(), kind: MemberKind::File, size: 1_234 }];
    let html = render(report);
    for part in [
        "KRT v2",
        "greeter-v1 · 1 file · ",
        "✓ no problems",
        "Greets.",
        "graph-picture",
        "Needs 1 variable and 1 file before it can start:",
        "WEBHOOK_URL",
        "MODEL",
        "1.2 KiB",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
}

#[test]
fn problems_stand_beside_the_marked_text() {
    let report = check_bare(MANIFEST.replace("exitpoint: output", "exitpoint: outptu").as_bytes());
    assert!(!report.accepted());
    let html = render(report);
    for part in [
        "1 error",
        "<mark class=\"is-error\">outptu</mark>",
        "report-line is-error",
        "greeter.yml 15:16 · ",
        "<p>Write <code>output</code>.</p>",
        "exitpoint-unknown",
        "<code>outptu</code>",
        "manifest only, ",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    // The fix already says it.
    assert!(!html.contains("Did you mean"), "{html}");
}

#[test]
fn a_report_says_when_lines_with_problems_are_left_out() {
    let with = |unknown: usize| {
        let unknown: String = (0..unknown).map(|at| format!("unknown{at}: 1\n")).collect();
        render(check_bare(format!("{MANIFEST}{unknown}").as_bytes()))
    };
    assert!(with(61).contains("Only the lines of the first 60 problems are shown."));
    assert!(!with(60).contains("Only the lines"));
}

#[test]
fn text_from_a_package_is_escaped() {
    let hostile =
        MANIFEST.replace("Greets.", "<script>alert(1)</script>").replace("MODEL", "\"<img src=x onerror=alert(1)>\"");
    let html = render(check_bare(hostile.as_bytes()));
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
}

#[test]
fn on_the_server_adding_a_version_is_a_plain_link() {
    let add = |may_create: bool| {
        Owner::new().with(|| {
            view! { <AddVersion runtime="demo" existing=Signal::stored(Vec::<String>::new()) may_create /> }.to_html()
        })
    };
    assert!(add(true).contains("href=\"/runtimes/demo/new-version\""));
    assert!(!add(false).contains("Add version"));
}
