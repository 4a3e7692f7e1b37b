//! Converts a v1 draft into the common model: each workflow gets its own copies of the nodes it lists, each node
//! subscribes to the one before it, the first to `entrypoint`, and the last is the exitpoint.
//!
//! Source: KRE 8.0 (`translator.go`), without the node that KRE appends for its own exitpoint image.

use std::collections::{HashMap, HashSet};

use smallvec::smallvec;

use super::draft::{Draft, DraftNode, DraftWorkflow, Text};
use super::problem::{Problem, Problems};
use super::rules::{
    UnresolvedNames,
    missing::{self, Missing},
};
use crate::manifest::{ENTRYPOINT, Format};
use crate::text::{closest, did_you_mean, quote};

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
    let mut not_found = Vec::new();
    for (number, workflow) in draft.workflows.iter_mut().enumerate() {
        unfold_workflow(workflow, &nodes, |name| not_found.push((number, name)), problems);
    }
    if not_found.is_empty() {
        return;
    }
    let found = draft.workflows.iter().flat_map(|workflow| &workflow.nodes).filter_map(|node| node.name.as_ref());
    let asked = found.chain(not_found.iter().map(|(_, name)| name)).map(|name| name.value);
    let unresolved_names = UnresolvedNames::among(&draft.nodes, asked.collect(), HashSet::new());
    let mut missing = Missing::default();
    for (number, name) in &not_found {
        let workflow = &draft.workflows[*number];
        // A node whose name could not be read or is invalid may be the intended one.
        if (workflow.all_named || name.value == ENTRYPOINT) && !unresolved_names.may_be(name.value) {
            missing.add(name.value, *name);
        }
    }
    let mut asked = not_found.iter();
    for (name, places) in missing.each() {
        // Both are in the order in which the names first occur.
        let first = asked.find(|(_, asked)| asked.value == name).map_or(0, |(number, _)| *number);
        problems.push(unknown(&draft.workflows[first], name, places, &nodes, problems.is_full()));
    }
}

fn unfold_workflow<'t>(
    workflow: &mut DraftWorkflow<'t>,
    nodes: &HashMap<&str, &DraftNode<'t>>,
    mut not_found: impl FnMut(Text<'t>),
    problems: &mut Problems,
) {
    let mut previous = ENTRYPOINT;
    let mut seen = HashSet::new();
    for name in std::mem::take(&mut workflow.sequential) {
        let Some(node) = nodes.get(name.value) else {
            not_found(name);
            workflow.is_complete = false;
            continue;
        };
        if !seen.insert(name.value) {
            let message = format!("{} runs node {} twice", workflow.title(), quote(name.value));
            let help = "a node runs once in a workflow: define a second node with the same image and src";
            problems.push(Problem::error("sequential-repeated", name.at, message).help(help));
            workflow.is_complete = false;
            continue;
        }
        let mut copy = (*node).clone();
        copy.subscriptions = smallvec![Text { value: std::mem::replace(&mut previous, name.value), at: name.at }];
        copy.name = Some(name);
        workflow.nodes.push(copy);
        workflow.exitpoint = Some(name);
    }
}

fn unknown(
    workflow: &DraftWorkflow,
    name: &str,
    places: &[Text],
    nodes: &HashMap<&str, &DraftNode<'_>>,
    in_short: bool,
) -> Problem {
    let message = format!("{} runs node {}, which is not defined", workflow.title(), quote(name));
    let problem = Problem::error("sequential-unknown", places.first().map_or(workflow.head, |first| first.at), message);
    if in_short {
        return problem;
    }
    let problem = missing::related(problem, places);
    if let Some(names) = missing::several(name, |name| nodes.contains_key(name)) {
        return missing::separated(problem, places, &names);
    }
    if name == ENTRYPOINT {
        return problem.help("remove it: the entrypoint always comes before the first node");
    }
    match closest(name, nodes.keys().copied()) {
        Some(near) => missing::renamed(problem.help(did_you_mean(near)), places, near, |_| near.to_owned()),
        None => problem.help("define the node under `nodes`, or remove it from `sequential`"),
    }
}
