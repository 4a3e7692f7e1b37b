//! The rules of KRT, one function each, grouped by area. They read a draft and report problems independently.

mod clusters;
mod config;
mod graph;
mod images;
pub(super) mod missing;
mod names;
mod numbers;
mod paths;
mod stores;
mod subscriptions;
pub(super) mod text;
mod unresolved_names;
mod workflows;

pub(super) use config::NO_VALUES;
pub(super) use unresolved_names::UnresolvedNames;

use super::draft::{Draft, DraftNode, DraftWorkflow, Text};
use super::problem::Problems;
use crate::manifest::Format;
use crate::text::quote;
use images::Images;
use numbers::Numbers;
use subscriptions::Homes;

/// Applies the rules for single values: names, images, paths, configuration.
pub(super) fn values(draft: &Draft<'_>, problems: &mut Problems) {
    if let Some(version) = &draft.version {
        names::version(version, problems);
    }
    if let Some(description) = &draft.description {
        text::description(description, problems);
    }
    if let Some(proto) = &draft.proto {
        paths::proto(proto, problems);
    }
    let mut images = Images::default();
    if let Some(image) = &draft.image {
        images.check(image, problems);
    }
    config::variables(&draft.variables, problems);
    config::files(&draft.files, draft.format, problems);
    config::variable_and_file(&draft.variables, &draft.files, problems);
    config::many(&draft.variables, &draft.files, problems);
    for workflow in &draft.workflows {
        if let Some(name) = &workflow.name {
            names::workflow(name, problems);
        }
        if let Some(method) = &workflow.entrypoint {
            workflows::method(method, problems);
        }
    }
    // The other places where a node's name is written: in v1 the `sequential` lists, in v2 its own workflow.
    let in_order = || draft.workflows.iter().flat_map(|workflow| &workflow.sequential).collect();
    draft.nodes.iter().for_each(|node| node_values(node, &in_order, &mut images, problems));
    for workflow in &draft.workflows {
        let subscriptions = || workflow.nodes.iter().flat_map(|node| &node.subscriptions);
        let inside = || subscriptions().chain(&workflow.exitpoint).collect();
        workflow.nodes.iter().for_each(|node| node_values(node, &inside, &mut images, problems));
    }
    if draft.format == Format::V1 {
        workflows::unique_nodes(&draft.nodes, "the manifest", problems);
        workflows::unused_nodes(draft, problems);
    }
}

fn node_values<'d, 't>(
    node: &DraftNode<'t>,
    mentions: &dyn Fn() -> Vec<&'d Text<'t>>,
    images: &mut Images<'t>,
    problems: &mut Problems,
) {
    if let Some(name) = &node.name {
        names::node(name, mentions, problems);
    }
    if let Some(image) = &node.image {
        images.check(image, problems);
    }
    if let Some(src) = &node.src {
        paths::src(src, problems);
    }
    if let Some(store) = &node.object_store {
        stores::name(&store.name, problems);
    }
}

/// Applies the rules for several values, after v1 is unfolded: uniqueness, subscriptions, the graph of each workflow,
/// names in a cluster.
pub(super) fn together(draft: &Draft<'_>, problems: &mut Problems) {
    workflows::unique(&draft.workflows, problems);
    let homes = Homes::of(&draft.workflows);
    for workflow in &draft.workflows {
        let numbers = Numbers::of(workflow);
        if draft.format == Format::V2 && !numbers.are_distinct {
            workflows::unique_nodes(&workflow.nodes, &workflow.title(), problems);
        }
        let before = problems.errors();
        let edges = subscriptions::check(workflow, &numbers, &homes, problems);
        graph::exitpoint_exists(workflow, &numbers, problems);
        stores::scopes(workflow, problems);
        clusters::consumers(workflow, &numbers, problems);
        if workflow.is_complete && edges.are_all && problems.errors() == before {
            graph::check(workflow, &edges, problems);
        }
    }
    clusters::deployments(&draft.workflows, problems);
    clusters::room_for_runtime(draft, problems);
    workflows::many(&draft.workflows, problems);
}

/// "node `etl`", or "a node" if it has no name.
fn title(node: &DraftNode<'_>) -> String {
    node.name.as_ref().map_or("a node".to_owned(), |name| format!("node {}", quote(name.value)))
}

/// Named nodes with their numbers.
fn named<'d, 't>(
    workflow: &'d DraftWorkflow<'t>,
) -> impl Iterator<Item = (usize, &'d DraftNode<'t>, &'d Text<'t>)> + Clone {
    workflow.nodes.iter().enumerate().filter_map(|(number, node)| node.name.as_ref().map(|name| (number, node, name)))
}
