//! Workflows among each other: unique names and methods, nodes each once and each used.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt, HashSet};

use super::{Draft, DraftNode, DraftWorkflow, Text, several};
use crate::check::places::Range;
use crate::check::problem::{Problem, Problems};
use crate::check::words::quote;

/// More processes than this in one version is more than most clusters take: it is warned of.
const MANY_PROCESSES: usize = 500;

/// NATS stream names have at most 255 characters; `<runtime>_<version>_` takes up to 55 of them.
const MAX_METHOD: usize = 200;

/// A protobuf identifier: it is the rpc that starts the workflow, and a part of the broker stream's name.
pub(super) fn method(method: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = method;
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !value.bytes().all(is_inner) || value.starts_with(|first: char| first.is_ascii_digit()) {
        let message = format!("{} is no name of a gRPC method", quote(value));
        let last = value.rsplit(['.', '/']).next().unwrap_or_default();
        let problem = Problem::error("workflow-entrypoint-form", *at, message);
        let is_qualified = last != *value && !last.is_empty() && last.bytes().all(is_inner);
        problems.push(if is_qualified {
            problem.help(format!("write only the method: {}", quote(last))).instead(*at, last)
        } else {
            problem.help("write the rpc as the .proto file names it: letters, digits and `_`")
        });
    } else if value.len() > MAX_METHOD {
        let message =
            format!("the method {} has {} characters, and {MAX_METHOD} are allowed", quote(value), value.len());
        let help = "it is a part of the broker stream's name: choose a shorter one";
        problems.push(Problem::error("workflow-entrypoint-form", *at, message).help(help));
    }
}

/// Names and methods each once: both are parts of names in the cluster.
pub(super) fn unique(workflows: &[DraftWorkflow<'_>], problems: &mut Problems) {
    let names = workflows.iter().filter_map(|workflow| workflow.name.as_ref());
    repeated(names, problems, |name, first| {
        let message = format!("a second workflow is called {}", quote(name.value));
        let help = "workflow names must be unique: choose another one";
        Problem::error("workflow-duplicate", name.at, message).help(help).related("the first one is here", first)
    });
    let methods = workflows.iter().filter_map(|workflow| workflow.entrypoint.as_ref());
    repeated(methods, problems, |method, first| {
        let message = format!("a second workflow is started by {}", quote(method.value));
        let help = "a gRPC method starts one workflow: give this one a method of its own";
        Problem::error("workflow-entrypoint-duplicate", method.at, message)
            .help(help)
            .related("the first one is here", first)
    });
}

/// Each node name once.
pub(super) fn unique_nodes(nodes: &[DraftNode<'_>], owner: &str, problems: &mut Problems) {
    repeated(nodes.iter().filter_map(|node| node.name.as_ref()), problems, |name, first| {
        let message = format!("a second node of {owner} is called {}", quote(name.value));
        let help = "node names must be unique: choose another one, or remove the copy";
        Problem::error("node-duplicate", name.at, message).help(help).related("the first one is here", first)
    });
}

/// v1: a node that no `sequential` names is never deployed.
pub(super) fn unused_nodes<'d, 't>(draft: &'d Draft<'t>, problems: &mut Problems) {
    let in_order = draft.workflows.iter().flat_map(|workflow| &workflow.sequential);
    // Also in an item that lacks a comma between two names.
    let words = |name: &'d Text<'t>| several::words(name.value).chain([name.value]);
    let used: HashSet<&str> = in_order.flat_map(words).collect();
    for name in draft.nodes.iter().filter_map(|node| node.name.as_ref()) {
        if !used.contains(name.value) && !used.is_empty() {
            let message = format!("no workflow uses node {}", quote(name.value));
            let help = "it will not be deployed: name it in a `sequential`, or remove it";
            problems.push(Problem::warning("node-unused", name.at, message).help(help));
        }
    }
}

/// So many processes that one should look twice.
pub(super) fn many(workflows: &[DraftWorkflow<'_>], problems: &mut Problems) {
    let count: usize = workflows.iter().map(|workflow| workflow.nodes.len()).sum();
    let first = workflows.first().filter(|_| count > MANY_PROCESSES);
    if let Some(workflow) = first {
        let message = format!("this version has {count} processes in {} workflows", workflows.len());
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
