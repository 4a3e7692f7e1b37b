//! KRT v1 into the one model: each workflow gets its own copies of the nodes it names, each node subscribes to the one
//! before it, the first to `entrypoint`, and the last is the exitpoint.
//!
//! Source: KRE 8.0 (`translator.go`), without the node it appends for its own exitpoint image.

use std::collections::{HashMap, HashSet};

use super::draft::{Draft, DraftNode, DraftWorkflow, Text};
use super::problem::{Problem, Problems};
use super::words::{closest, did_you_mean, quote};
use crate::manifest::{ENTRYPOINT, Format};

/// Unfolds every workflow of a v1 draft; a v2 draft stays as it is.
pub(super) fn unfold(draft: &mut Draft, problems: &mut Problems) {
    if draft.format == Format::V2 {
        return;
    }
    let mut nodes: HashMap<&str, &DraftNode<'_>> = HashMap::new();
    for node in &draft.nodes {
        if let Some(name) = &node.name {
            nodes.entry(name.value).or_insert(node);
        }
    }
    for workflow in &mut draft.workflows {
        unfold_workflow(workflow, &nodes, problems);
    }
}

fn unfold_workflow<'t>(
    workflow: &mut DraftWorkflow<'t>,
    nodes: &HashMap<&str, &DraftNode<'t>>,
    problems: &mut Problems,
) {
    let mut previous = ENTRYPOINT;
    let mut seen = HashSet::new();
    for name in std::mem::take(&mut workflow.sequential) {
        let Some(node) = nodes.get(name.value) else {
            // When a node's name could not be read, this may be it.
            if workflow.all_named || name.value == ENTRYPOINT {
                problems.push(unknown(workflow, &name, nodes, problems.is_full()));
            }
            workflow.is_complete = false;
            continue;
        };
        if !seen.insert(name.value) {
            let message = format!("{} runs node {} twice", workflow.title(), quote(name.value));
            let help = "a node runs once in a workflow: list a second node with the same image and src";
            problems.push(Problem::error("sequential-repeated", name.at, message).help(help));
            workflow.is_complete = false;
            continue;
        }
        let mut copy = (*node).clone();
        copy.subscriptions = vec![Text { value: std::mem::replace(&mut previous, name.value), at: name.at }];
        copy.name = Some(name);
        workflow.nodes.push(copy);
        workflow.exitpoint = Some(name);
    }
}

fn unknown(workflow: &DraftWorkflow, name: &Text, nodes: &HashMap<&str, &DraftNode<'_>>, in_short: bool) -> Problem {
    let message = format!("{} runs a node {} that is not defined", workflow.title(), quote(name.value));
    let problem = Problem::error("sequential-unknown", name.at, message);
    if in_short {
        return problem;
    }
    if name.value == ENTRYPOINT {
        return problem.help("remove it: the entrypoint comes before the first node by itself");
    }
    match closest(name.value, nodes.keys().copied()) {
        Some(near) => problem.help(did_you_mean(near)).instead(name.at, near),
        None => problem.help("define it under `nodes`, or remove it"),
    }
}
