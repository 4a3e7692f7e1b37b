//! Rules across workflows: unique names and methods, unique and used nodes.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::{Draft, DraftNode, DraftWorkflow, Text, missing};
use crate::check::problem::{Problem, Problems};
use crate::manifest::forms::{MAX_METHOD, is_identifier};
use crate::text::{Range, quote};

/// More processes than this in one version cause a warning: most clusters have no room for them.
const MANY_PROCESSES: usize = 500;

/// The method must be a protobuf identifier: it is the rpc that starts the workflow, and part of the broker stream's
/// name.
pub(super) fn method(method: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = method;
    if !is_identifier(value) {
        let message = format!("{} is not a gRPC method name", quote(value));
        let last = value.rsplit(['.', '/']).next().unwrap_or_default();
        let problem = Problem::error("workflow-entrypoint-form", *at, message);
        let is_qualified = last != *value && !last.is_empty() && is_identifier(last);
        problems.push(if is_qualified {
            problem.help(format!("write only the method: {}", quote(last))).instead(*at, last)
        } else {
            problem.help("write the rpc name as in the .proto file: letters, digits and `_`")
        });
    } else if value.len() > MAX_METHOD {
        let message = format!("the method {} has {} characters; the limit is {MAX_METHOD}", quote(value), value.len());
        let help = "the method is part of the broker stream's name: choose a shorter one";
        problems.push(Problem::error("workflow-entrypoint-form", *at, message).help(help));
    }
}

/// Names and methods must be unique: both are parts of names in the cluster.
pub(super) fn unique(workflows: &[DraftWorkflow<'_>], problems: &mut Problems) {
    let names = workflows.iter().filter_map(|workflow| workflow.name.as_ref());
    repeated(names, problems, |name, first| {
        let message = format!("a second workflow is named {}", quote(name.value));
        let help = "workflow names must be unique: choose another name";
        Problem::error("workflow-duplicate", name.at, message).help(help).related("the first one is here", first)
    });
    let methods = workflows.iter().filter_map(|workflow| workflow.entrypoint.as_ref());
    repeated(methods, problems, |method, first| {
        let message = format!("the method {} already starts another workflow", quote(method.value));
        let help = "each gRPC method starts one workflow: give this workflow its own method";
        Problem::error("workflow-entrypoint-duplicate", method.at, message)
            .help(help)
            .related("the first one is here", first)
    });
}

/// Node names must be unique.
pub(super) fn unique_nodes(nodes: &[DraftNode<'_>], owner: &str, problems: &mut Problems) {
    repeated(nodes.iter().filter_map(|node| node.name.as_ref()), problems, |name, first| {
        let message = format!("a second node of {owner} is named {}", quote(name.value));
        let help = "node names must be unique: choose another name or remove the copy";
        Problem::error("node-duplicate", name.at, message).help(help).related("the first one is here", first)
    });
}

/// v1: a node that no `sequential` lists is never deployed.
pub(super) fn unused_nodes<'d, 't>(draft: &'d Draft<'t>, problems: &mut Problems) {
    let in_order = draft.workflows.iter().flat_map(|workflow| &workflow.sequential);
    // Includes the names in an item that lacks a comma between them.
    let words = |name: &'d Text<'t>| missing::words(name.value).chain([name.value]);
    let used: HashSet<&str> = in_order.flat_map(words).collect();
    for name in draft.nodes.iter().filter_map(|node| node.name.as_ref()) {
        if !used.contains(name.value) && !used.is_empty() {
            let message = format!("no workflow uses node {}", quote(name.value));
            let help = "the node will not be deployed: add it to a `sequential` list or remove it";
            problems.push(Problem::warning("node-unused", name.at, message).help(help));
        }
    }
}

/// Warns of very many processes.
pub(super) fn many(workflows: &[DraftWorkflow<'_>], problems: &mut Problems) {
    let count: usize = workflows.iter().map(|workflow| workflow.nodes.len()).sum();
    let first = workflows.first().filter(|_| count > MANY_PROCESSES);
    if let Some(workflow) = first {
        let workflows = match workflows.len() {
            1 => "1 workflow".to_owned(),
            many => format!("{many} workflows"),
        };
        let message = format!("this version has {count} processes in {workflows}");
        let help = "check that the cluster has room for them";
        problems.push(Problem::warning("many-processes", workflow.place(), message).help(help));
    }
}

fn repeated<'a>(
    names: impl Iterator<Item = &'a Text<'a>>,
    problems: &mut Problems,
    problem: impl Fn(&Text<'_>, Range) -> Problem,
) {
    let mut known: HashMap<&str, Range> = HashMap::with_capacity(names.size_hint().1.unwrap_or_default());
    for name in names {
        match known.entry(name.value) {
            Entry::Occupied(first) => problems.push(problem(name, *first.get())),
            Entry::Vacant(place) => {
                place.insert(name.at);
            }
        }
    }
}
