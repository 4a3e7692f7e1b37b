//! The charts as the server renders them.

use krt::lifecycle::{Action, Status};
use krt::outline::{InputOutline, NodeOutline, WorkflowOutline};
use krt::roles::Role;
use leptos::prelude::*;

use super::{LifecycleMap, WorkflowGraph};
use crate::model::{Health, NodeLive, VersionLive};
use crate::paths;

fn node(name: &str, listens_to: &[&str]) -> NodeOutline {
    let subscriptions = listens_to.iter().map(|text| {
        let (node, subtopic) = text.split_once('.').map_or((*text, None), |(node, rest)| (node, Some(rest.to_owned())));
        InputOutline { node: node.to_owned(), subtopic }
    });
    NodeOutline {
        name: name.to_owned(),
        image: "konstellation/kre-py:latest".to_owned(),
        gpu: name == "model",
        replicas: 2,
        subscriptions: subscriptions.collect(),
    }
}

fn workflow() -> WorkflowOutline {
    WorkflowOutline {
        name: "greeting".to_owned(),
        entrypoint: "Greet".to_owned(),
        exitpoint: "output".to_owned(),
        nodes: vec![node("etl", &["entrypoint"]), node("model", &["etl.clean"]), node("output", &["model"])],
    }
}

fn live(workflow: &str, node: &str, health: Health, reason: Option<&str>) -> NodeLive {
    let ready = if health == Health::Started { 2 } else { 0 };
    let (workflow, node, reason) = (workflow.to_owned(), node.to_owned(), reason.map(str::to_owned));
    NodeLive { workflow, node, health, ready, wanted: 2, restarts: 0, reason }
}

/// The server's HTML without the hydration markers (`<!>`) between its nodes.
fn without_markers(html: String) -> String {
    html.replace("<!>", "")
}

fn graph(nodes: Vec<NodeLive>) -> String {
    without_markers(
        Owner::new().with(|| view! { <WorkflowGraph workflow=workflow() nodes=Signal::stored(nodes) /> }.to_html()),
    )
}

#[test]
fn every_health_is_shown_by_class_sign_and_words() {
    let html = graph(vec![
        live("entrypoint", "entrypoint", Health::Started, None),
        live("other", "etl", Health::Error, Some("of another workflow")),
        live("greeting", "etl", Health::Started, None),
        live("greeting", "model", Health::Starting, Some("pulling its image")),
        live("greeting", "output", Health::Error, Some("image not found")),
    ]);
    for part in [
        "graph-node is-entrypoint is-started",
        "graph-node is-node is-started",
        "graph-node is-node is-starting",
        "graph-node is-exitpoint is-error",
        "kre-py · 0/2 · GPU",
        "✓",
        "◌",
        "✕",
        "model, listens to etl.clean: ",
        "starting, 0 of 2 ready: pulling its image",
        "⇥ answers the request",
        "graph-troubles",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
    assert!(!html.contains("of another workflow"));
}

#[test]
fn the_node_that_made_the_start_fail_is_marked_while_nothing_runs() {
    let html = graph(vec![
        live("greeting", "etl", Health::Stopped, None),
        live("greeting", "model", Health::Stopped, Some("image not found")),
    ]);
    for part in [
        "graph-node is-node is-stopped",
        "graph-node is-node is-error",
        "✕",
        "stopped, caused the last start to fail: image not found",
        "graph-troubles",
    ] {
        assert!(html.contains(part), "{part} is missing in {html}");
    }
}

#[test]
fn before_the_start_the_graph_shows_the_facts_of_the_manifest() {
    let html = graph(Vec::new());
    assert_eq!(html.matches("is-unknown").count(), 4, "{html}");
    assert!(html.contains("kre-py · ×2 · GPU") && !html.contains("graph-troubles"), "{html}");
}

#[test]
fn a_subtopic_is_named_on_its_dashed_edge() {
    let html = graph(Vec::new());
    assert_eq!(html.matches("graph-edge is-subtopic").count(), 1, "{html}");
    assert!(html.contains("<title>clean</title>clean"), "{html}");
}

#[test]
fn names_from_a_manifest_are_escaped() {
    let mut hostile = workflow();
    hostile.name = "<script>alert(1)</script>".to_owned();
    hostile.nodes[0].image = "\"><img src=x onerror=alert(1)>".to_owned();
    let html =
        Owner::new().with(|| view! { <WorkflowGraph workflow=hostile nodes=Signal::stored(Vec::new()) /> }.to_html());
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
}

fn map(status: Status, unpublishing: bool, role: Role) -> String {
    let mut live = VersionLive::in_status(status);
    live.situation.unpublishing = unpublishing;
    let path = |action: Action| paths::action("demo", "v1", action);
    Owner::new()
        .with(|| view! { <LifecycleMap live=Signal::stored(live) role action_path=Callback::new(path) /> }.to_html())
}

#[test]
fn the_present_status_is_marked_and_possible_actions_are_links() {
    for status in Status::ALL {
        let html = map(status, false, Role::Manager);
        assert_eq!(html.matches("is-now").count(), 1, "{status:?}");
        for action in Action::ON_A_VERSION {
            let href = format!("href=\"{}\"", paths::action("demo", "v1", action));
            let is_possible = krt::lifecycle::next(Some(status), krt::lifecycle::Cause::Action(action)).is_some();
            assert_eq!(html.contains(&href), is_possible, "{status:?} {action:?}");
        }
    }
}

#[test]
fn an_impossible_action_says_why_and_is_focusable() {
    let html = map(Status::Published, false, Role::Manager);
    let label = "aria-label=\"Stop: unpublish first: the version still receives external requests\"";
    assert!(html.contains(label), "{html}");
    assert_eq!(html.matches("aria-disabled=\"true\"").count(), 5, "{html}");
    assert_eq!(html.matches("tabindex=\"0\" aria-").count() + html.matches("tabindex=\"0\" role").count(), 7, "{html}");
}

#[test]
fn a_viewer_has_no_links() {
    assert!(!map(Status::Started, false, Role::Viewer).contains("href="));
}

#[test]
fn unpublishing_is_marked_on_the_status_and_on_the_action() {
    let html = map(Status::Published, true, Role::Admin);
    assert!(html.contains("lifecycle-status is-now is-left"), "{html}");
    assert!(html.contains("lifecycle-action is-under-way"), "{html}");
    assert!(html.contains("Unpublishing:"), "{html}");
}
