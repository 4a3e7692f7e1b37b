//! A workflow as a graph, left to right, with the health of each node.

use std::sync::Arc;

use krt::graph::{ANSWERS, Edge, NodeKind, Placed, layout, shorten};
use krt::outline::WorkflowOutline;
use leptos::prelude::*;

use super::node_health::{Nature, NodeHealth, natures, node_healths};
use crate::model::NodeLive;

/// Maximum number of failing nodes listed below the graph.
const MOST_TROUBLES: usize = 5;

/// The graph of a workflow. `nodes` are the live processes of its version (those of other workflows are ignored);
/// empty while nothing is known of them.
#[component]
pub fn WorkflowGraph(workflow: WorkflowOutline, #[prop(into)] nodes: Signal<Vec<NodeLive>>) -> impl IntoView {
    let picture = Arc::new(layout(&workflow));
    let natures = natures(&workflow);
    let name = workflow.name.clone();
    let node_healths = Memo::new({
        let (picture, name) = (picture.clone(), name.clone());
        move |_| nodes.with(|nodes| node_healths(&picture, &name, nodes))
    });
    // One memo per node, so that a change of one node re-renders no other.
    let health_of = |at: usize| Memo::new(move |_| node_healths.with(|node_healths| node_healths[at].clone()));
    let (cards, words): (Vec<_>, Vec<_>) = picture
        .nodes
        .iter()
        .zip(natures)
        .enumerate()
        .map(|(at, (placed, nature))| {
            let node_health = health_of(at);
            (card(placed, &nature, node_health), in_words(placed, &nature, node_health))
        })
        .unzip();
    let edges: Vec<_> = picture.edges.iter().map(edge).collect();
    let (width, height) = (picture.width, picture.height);
    let label = format!("Workflow {name}");
    view! {
        <div class="graph">
            // Focusable, so that a wide graph can be scrolled with the keyboard.
            <div class="graph-scroll" tabindex="0" role="group" aria-label=label.clone()>
                <div class="graph-fit">
                    <svg class="graph-ruler" width=width * 4 / 5 height="0" aria-hidden="true"></svg>
                    <svg
                        class="graph-picture"
                        role="img"
                        aria-label=format!("{label}, described in the list below")
                        width=width
                        height=height
                        viewBox=format!("0 0 {width} {height}")
                    >
                        <g class="graph-edges">{edges}</g>
                        <path class="graph-heads" d=heads(&picture.edges)></path>
                        {cards}
                    </svg>
                </div>
            </div>
            <ul class="graph-words" aria-label=format!("Nodes of {name}")>{words}</ul>
            <Troubles picture=picture.nodes.iter().map(|placed| placed.name.clone()).collect() node_healths />
        </div>
    }
}

/// An edge with the label of its subtopic.
fn edge(edge: &Edge) -> impl IntoView + use<> {
    let class = if edge.subtopic.is_some() { "graph-edge is-subtopic" } else { "graph-edge" };
    let label = edge.subtopic.as_ref().map(|subtopic| {
        let (x, y) = edge.label;
        view! {
            <text class="graph-subtopic" x=x y=y>
                <title>{subtopic.clone()}</title>
                {shorten(subtopic, 22)}
            </text>
        }
    });
    view! {
        <g>
            <path class=class d=edge.path()></path>
            {label}
        </g>
    }
}

/// All arrowheads as one path; every edge arrives horizontally from the left.
fn heads(edges: &[Edge]) -> String {
    let ends = edges.iter().filter_map(|edge| edge.points.last());
    ends.map(|(x, y)| format!("M{} {}L{x} {y}L{} {}z", x - 8, y - 4, x - 8, y + 4)).collect()
}

fn card(placed: &Placed, nature: &Nature, node_health: Memo<NodeHealth>) -> impl IntoView + use<> {
    let Placed { x, y, width, height, kind, .. } = *placed;
    let kind_class = match kind {
        NodeKind::Entrypoint => "is-entrypoint",
        NodeKind::Node => "is-node",
        NodeKind::Exitpoint => "is-exitpoint",
    };
    let title = {
        let name = placed.name.clone();
        let image = nature.image.as_ref().map(|image| format!("\n{image}")).unwrap_or_default();
        move || format!("{name}: {}{image}", node_health.with(NodeHealth::words))
    };
    let line = {
        let nature = nature.clone();
        move || node_health.with(|node_health| node_health.line(&nature))
    };
    let is_pill = kind == NodeKind::Entrypoint;
    // The pill's round ends take the space that a card uses for its health bar.
    let (corner, left, right) = if is_pill { (height / 2, 24, 22) } else { (10, 18, 14) };
    let answers = (kind == NodeKind::Exitpoint).then(|| {
        view! { <text class="graph-line" x=left y=56>{ANSWERS}</text> }
    });
    let bar = (!is_pill).then(|| {
        view! { <path class="graph-bar" d=format!("M5 1.3A10 10 0 0 0 0 10V{}A10 10 0 0 0 5 {}.7z", height - 10, height - 2)></path> }
    });
    view! {
        <g class=move || format!("graph-node {kind_class} {}", node_health.with(NodeHealth::class)) transform=format!("translate({x} {y})")>
            <title>{title}</title>
            <rect class="graph-card" width=width height=height rx=corner></rect>
            {bar}
            <text class="graph-name" x=left y=22>{placed.label.clone()}</text>
            <text class="graph-line" x=left y=39>{line}</text>
            {answers}
            <text class="graph-sign" x=width - right y=22>{move || node_health.with(NodeHealth::sign)}</text>
        </g>
    }
}

/// One process in words, for screen readers.
fn in_words(placed: &Placed, nature: &Nature, node_health: Memo<NodeHealth>) -> impl IntoView + use<> {
    let role = match placed.kind {
        NodeKind::Entrypoint => " (receives requests)",
        NodeKind::Node => "",
        NodeKind::Exitpoint => " (answers the request)",
    };
    let start = format!("{}{role}, listens to {}: ", placed.name, nature.listens_to);
    view! { <li>{start} {move || node_health.with(NodeHealth::words)}</li> }
}

/// The list of failing nodes with their reasons, visible to everyone.
#[component]
fn Troubles(picture: Vec<String>, node_healths: Memo<Vec<NodeHealth>>) -> impl IntoView {
    let troubles = Memo::new(move |_| {
        node_healths.with(|node_healths| {
            let named = picture.iter().zip(node_healths);
            named.filter_map(|(name, node_health)| Some((name.clone(), node_health.trouble()?))).collect::<Vec<_>>()
        })
    });
    move || {
        let troubles = troubles.get();
        let more = troubles.len().saturating_sub(MOST_TROUBLES);
        let shown = troubles.into_iter().take(MOST_TROUBLES).map(|(name, trouble)| {
            view! { <li><b>{name}</b> " " {trouble}</li> }
        });
        let shown: Vec<_> = shown.collect();
        (!shown.is_empty()).then(|| {
            view! {
                <ul class="graph-troubles">
                    {shown} {(more > 0).then(|| view! { <li>{format!("and {more} more unhealthy")}</li> })}
                </ul>
            }
        })
    }
}
