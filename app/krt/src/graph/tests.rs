//! Tests of the layout: small workflows by hand, and properties of any workflow.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::outline::{InputOutline, NodeOutline};

/// Builds a workflow from lines like `etl: entrypoint, other.subtopic`; the last is the exitpoint.
fn workflow(lines: &str) -> WorkflowOutline {
    let nodes: Vec<_> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(node).collect();
    WorkflowOutline {
        name: "classificator".to_owned(),
        entrypoint: "Classificator".to_owned(),
        exitpoint: nodes.last().map(|node| node.name.clone()).unwrap_or_default(),
        nodes,
    }
}

fn node(line: &str) -> NodeOutline {
    let (name, subscriptions) = line.split_once(':').unwrap();
    let subscriptions = subscriptions.split(',').map(str::trim).filter(|text| !text.is_empty()).map(|text| {
        let (node, subtopic) = text.split_once('.').map_or((text, None), |(node, rest)| (node, Some(rest.to_owned())));
        InputOutline { node: node.to_owned(), subtopic }
    });
    NodeOutline {
        name: name.to_owned(),
        image: "konstellation/kre-py:latest".to_owned(),
        gpu: false,
        replicas: 1,
        subscriptions: subscriptions.collect(),
    }
}

fn classificator() -> WorkflowOutline {
    workflow(
        "etl: entrypoint
        email-classificator: etl
        repairs-handler: email-classificator.repairs
        stats-storer: email-classificator
        exitpoint-node: etl, stats-storer",
    )
}

fn in_words(layout: &Layout) -> String {
    let mut words = format!("{} x {}\n", layout.width, layout.height);
    for node in &layout.nodes {
        let Placed { label, kind, layer, x, y, width, height, .. } = node;
        let _ = writeln!(words, "{kind:?} {label}: column {layer}, {x} {y}, {width} x {height}");
    }
    for edge in &layout.edges {
        let (from, to) = (&layout.nodes[edge.from].name, &layout.nodes[edge.to].name);
        let subtopic = edge.subtopic.as_ref().map(|name| format!(" ({name} at {:?})", edge.label)).unwrap_or_default();
        let _ = writeln!(words, "{from} -> {to}{subtopic}: {}", edge.path());
    }
    words
}

/// Asserts what holds for every layout.
fn check(layout: &Layout, workflow: &WorkflowOutline) {
    let known: BTreeSet<_> = layout.nodes.iter().map(|node| node.name.as_str()).collect();
    let names: Vec<_> = layout.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names.len(), workflow.nodes.len() + 1);
    for node in &layout.nodes {
        assert!(node.x >= 0 && node.y >= 0, "{node:?}");
        assert!(node.x + node.width <= layout.width && node.y + node.height <= layout.height, "{node:?}");
        assert_eq!(node.layer == 0, node.kind == NodeKind::Entrypoint, "{node:?}");
    }
    for (at, one) in layout.nodes.iter().enumerate() {
        for other in &layout.nodes[at + 1..] {
            let apart_in_x = one.x + one.width < other.x || other.x + other.width < one.x;
            let apart_in_y = one.y + one.height < other.y || other.y + other.height < one.y;
            assert!(apart_in_x || apart_in_y, "{one:?} lies over {other:?}");
        }
    }
    let mut wanted: Vec<_> = Vec::new();
    for node in &workflow.nodes {
        for subscription in node.subscriptions.iter().filter(|other| known.contains(other.node.as_str())) {
            wanted.push((subscription.node.as_str(), node.name.as_str(), subscription.subtopic.as_deref()));
        }
    }
    let drawn: Vec<_> =
        layout.edges.iter().map(|edge| (names[edge.from], names[edge.to], edge.subtopic.as_deref())).collect();
    assert_eq!(drawn, wanted);
    for edge in &layout.edges {
        assert_eq!(edge.points.len() % 3, 1, "{edge:?}");
        let (from, to) = (&layout.nodes[edge.from], &layout.nodes[edge.to]);
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        assert!(first.0 == from.x + from.width && from.y < first.1 && first.1 < from.y + from.height, "{edge:?}");
        assert!(last.0 == to.x && to.y < last.1 && last.1 < to.y + to.height, "{edge:?}");
        assert!(edge.points.iter().all(|(x, y)| *x >= 0 && *y >= 0 && *x <= layout.width && *y <= layout.height));
    }
}

#[test]
fn the_classificator_is_drawn_as_in_the_documentation() {
    let layout = layout(&classificator());
    check(&layout, &classificator());
    insta::assert_snapshot!(in_words(&layout));
}

#[test]
fn a_chain_is_one_straight_line() {
    let chain = workflow("a: entrypoint\n b: a\n c: b");
    let layout = layout(&chain);
    check(&layout, &chain);
    let heights: BTreeSet<_> = layout.edges.iter().flat_map(|edge| edge.points.iter().map(|point| point.1)).collect();
    assert_eq!(heights.len(), 1, "{heights:?}");
}

#[test]
fn a_cycle_is_drawn_as_a_loop_beneath() {
    let cycle = workflow("a: entrypoint, c\n b: a\n c: b, c");
    let layout = layout(&cycle);
    check(&layout, &cycle);
    let lowest_card = layout.nodes.iter().map(|node| node.y + node.height).max().unwrap();
    let back: Vec<_> =
        layout.edges.iter().filter(|edge| edge.points.iter().any(|point| point.1 > lowest_card)).collect();
    assert_eq!(back.len(), 2);
}

#[test]
fn nodes_without_a_path_from_the_entrypoint_are_drawn() {
    let islands = workflow("a: entrypoint\n b: nobody\n c: d\n d: c");
    check(&layout(&islands), &islands);
}

#[test]
fn very_long_names_are_shortened() {
    let long = workflow(&format!("{}: entrypoint\n b: {}.{}", "n".repeat(200), "n".repeat(200), "s".repeat(200)));
    let layout = layout(&long);
    check(&layout, &long);
    assert!(layout.width < 1_000, "{}", layout.width);
}

#[test]
fn edges_do_not_cross_when_avoidable() {
    let ladder = workflow(
        "a: entrypoint\n b: entrypoint\n c: entrypoint\n cc: c\n bb: b\n aa: a\n x: aa, bb\n y: bb, cc\n out: x, y",
    );
    assert_eq!(crossings(&layout(&ladder)), 0);
}

/// A chain in which every node subscribes to the previous one and to a random earlier one: very long edges.
fn long_edges(count: usize) -> WorkflowOutline {
    let lines: Vec<_> = (0..count)
        .map(|at| match at {
            0 => "n0: entrypoint".to_owned(),
            _ => format!("n{at}: n{}, n{}", at - 1, at * 7919 % at),
        })
        .collect();
    workflow(&lines.join("\n"))
}

#[test]
fn edges_beyond_the_budget_of_bends_are_drawn_without() {
    let long = long_edges(1_000);
    let layout = layout(&long);
    assert_eq!(layout.edges.len(), long.nodes.iter().map(|node| node.subscriptions.len()).sum::<usize>());
    let points: usize = layout.edges.iter().map(|edge| edge.points.len()).sum();
    assert!(points < 200_000, "{points}");
}

/// Counts pairs of short edges between the same columns that cross.
fn crossings(layout: &Layout) -> usize {
    let ends: Vec<_> = layout
        .edges
        .iter()
        .map(|edge| (layout.nodes[edge.from].layer, edge.points[0].1, edge.points[edge.points.len() - 1].1))
        .collect();
    let pairs = ends.iter().enumerate().flat_map(|(at, one)| ends[at + 1..].iter().map(move |other| (one, other)));
    pairs.filter(|(one, other)| one.0 == other.0 && (one.1 - other.1).signum() * (one.2 - other.2).signum() < 0).count()
}

/// Any workflow: nodes subscribe to any nodes, including themselves and unknown ones.
fn any_workflow() -> impl Strategy<Value = WorkflowOutline> {
    (1_usize..30).prop_flat_map(|count| {
        let subscription = (0..count + 2, prop::option::of("[a-z]{1,30}"));
        let node = prop::collection::vec(subscription, 0..4);
        (prop::collection::vec(node, count), 0..count).prop_map(move |(nodes, exitpoint)| {
            let lines: Vec<_> = nodes
                .iter()
                .enumerate()
                .map(|(at, subscriptions)| {
                    let subscriptions: Vec<_> = subscriptions
                        .iter()
                        .map(|(other, subtopic)| {
                            let other = if *other == count { "entrypoint".to_owned() } else { format!("n{other}") };
                            subtopic.as_ref().map_or(other.clone(), |subtopic| format!("{other}.{subtopic}"))
                        })
                        .collect();
                    format!("n{at}: {}", subscriptions.join(", "))
                })
                .collect();
            WorkflowOutline { exitpoint: format!("n{exitpoint}"), ..workflow(&lines.join("\n")) }
        })
    })
}

proptest! {
    #[test]
    fn no_cards_overlap_and_every_edge_is_drawn(workflow in any_workflow()) {
        check(&layout(&workflow), &workflow);
    }

    #[test]
    fn the_same_workflow_is_drawn_the_same_twice(workflow in any_workflow()) {
        prop_assert_eq!(layout(&workflow), layout(&workflow));
    }

    #[test]
    fn without_cycles_every_edge_runs_to_the_right(
        inputs in prop::collection::vec(prop::collection::vec(0_usize..1_000, 1..4), 1..40),
    ) {
        let lines: Vec<_> = inputs.iter().enumerate().map(|(at, others)| {
            let others: Vec<_> = others.iter().map(|other| match other % (at + 1) {
                0 => "entrypoint".to_owned(),
                before => format!("n{}", before - 1),
            }).collect();
            format!("n{at}: {}", others.join(", "))
        }).collect();
        let workflow = workflow(&lines.join("\n"));
        let layout = layout(&workflow);
        check(&layout, &workflow);
        for edge in &layout.edges {
            prop_assert!(edge.points.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{:?}", edge);
        }
    }
}
