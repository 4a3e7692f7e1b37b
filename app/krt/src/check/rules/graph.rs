//! The graph of one workflow: it must lead from the entrypoint to the exitpoint; loops and unreachable nodes are
//! reported.

use super::subscriptions::Edges;
use super::unresolved_names::UnresolvedNames;
use super::{DraftWorkflow, Numbers, named, title};
use crate::check::problem::{Problem, Problems};
use crate::manifest::ENTRYPOINT;
use crate::text::{closest, did_you_mean, quote};

/// How many nodes and subscriptions of a loop are shown.
const SHOWN_OF_A_LOOP: usize = 10;

/// The exitpoint must be a node of the same workflow.
pub(super) fn exitpoint_exists(workflow: &DraftWorkflow<'_>, numbers: &Numbers<'_>, problems: &mut Problems) {
    let Some(exitpoint) = &workflow.exitpoint else { return };
    let names = || named(workflow).map(|(_, _, name)| name.value);
    if numbers.get(exitpoint.value).is_some() || !workflow.all_named && exitpoint.value != ENTRYPOINT {
        return;
    }
    if UnresolvedNames::of(workflow).may_be(exitpoint.value) {
        return;
    }
    let message = format!("{} has no node {} for its `exitpoint`", workflow.title(), quote(exitpoint.value));
    let problem = Problem::error("exitpoint-unknown", exitpoint.at, message);
    let near = if problems.is_full() { None } else { closest(exitpoint.value, names()) };
    problems.push(match near {
        _ if exitpoint.value == ENTRYPOINT => {
            problem.help("the exitpoint is the node that answers the request; it cannot be the entrypoint")
        }
        Some(near) => problem.help(did_you_mean(near)).instead(exitpoint.at, near),
        None => problem.help("name the node whose output answers the request"),
    });
}

/// The rules that need the whole graph, applied only if every subscription is valid.
pub(super) fn check(workflow: &DraftWorkflow<'_>, edges: &Edges, problems: &mut Problems) {
    if edges.from_entrypoint.is_empty() {
        let message = format!("no node of {} subscribes to `entrypoint`", workflow.title());
        let help = "the workflow would receive no requests: subscribe its first node to `entrypoint`";
        problems.push(Problem::error("entrypoint-unused", workflow.place(), message).help(help));
        return;
    }
    let listeners = Listeners::of(workflow.nodes.len(), edges);
    reachable(workflow, edges, &listeners, problems);
    loops(workflow, edges, &listeners, problems);
}

/// For each node, the numbers of the nodes that subscribe to it, all in one list.
struct Listeners {
    /// The index where the listeners of each node begin, and the length of the list.
    starts: Vec<usize>,
    list: Vec<usize>,
}

impl Listeners {
    fn of(nodes: usize, edges: &Edges) -> Listeners {
        let mut starts = vec![0; nodes + 1];
        edges.between.iter().for_each(|(from, _, _)| starts[from + 1] += 1);
        (0..nodes).for_each(|node| starts[node + 1] += starts[node]);
        let mut next = starts.clone();
        let mut list = vec![0; edges.between.len()];
        for (from, to, _) in &edges.between {
            list[next[*from]] = *to;
            next[*from] += 1;
        }
        Listeners { starts, list }
    }

    fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    fn of_node(&self, node: usize) -> &[usize] {
        &self.list[self.starts[node]..self.starts[node + 1]]
    }
}

fn reachable(workflow: &DraftWorkflow<'_>, edges: &Edges, listeners: &Listeners, problems: &mut Problems) {
    let mut reached = vec![false; workflow.nodes.len()];
    let mut next = edges.from_entrypoint.clone();
    while let Some(node) = next.pop() {
        if !std::mem::replace(&mut reached[node], true) {
            next.extend(listeners.of_node(node));
        }
    }
    let exitpoint = workflow.exitpoint.as_ref();
    for (number, node, name) in named(workflow).filter(|(number, _, _)| !reached[*number]) {
        let help = "none of its subscriptions leads back to `entrypoint`: subscribe it to a node that is reachable";
        match exitpoint.filter(|exitpoint| exitpoint.value == name.value) {
            Some(exitpoint) => {
                let message = format!("no message from the entrypoint reaches the exitpoint {}", quote(name.value));
                let problem = Problem::error("exitpoint-unreachable", exitpoint.at, message).help(help);
                problems.push(problem.related("the node is declared here", workflow.nodes[number].place()));
            }
            None => {
                let message = format!("no message from the entrypoint reaches {}", title(node));
                problems.push(Problem::warning("node-unreachable", name.at, message).help(help));
            }
        }
    }
}

/// Reports one warning for each set of nodes that can send messages in a loop.
fn loops(workflow: &DraftWorkflow<'_>, edges: &Edges, listeners: &Listeners, problems: &mut Problems) {
    // If all nodes subscribe only to nodes above them, there is no loop.
    if edges.between.iter().all(|(from, to, _)| from < to) {
        return;
    }
    let groups = groups(listeners);
    if groups.iter().enumerate().all(|(node, group)| node == *group) {
        return;
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); listeners.nodes()];
    for (node, group) in groups.iter().enumerate() {
        members[*group].push(node);
    }
    for ring in members.iter().filter(|members| members.len() > 1) {
        let inside =
            |(from, to, _): &&(usize, usize, _)| groups[*from] == groups[ring[0]] && groups[*to] == groups[ring[0]];
        let names = ring.iter().filter_map(|node| workflow.nodes[*node].name.as_ref());
        let shown: Vec<String> = names.take(SHOWN_OF_A_LOOP).map(|name| quote(name.value)).collect();
        let more = if ring.len() > SHOWN_OF_A_LOOP { ", …" } else { "" };
        let message = format!("messages can loop between these nodes: {}{more}", shown.join(", "));
        let mut places = edges.between.iter().filter(inside).map(|(_, _, at)| *at);
        let last = places.next_back().unwrap_or(workflow.place());
        let mut problem =
            Problem::warning("subscription-loop", last, message).help("make sure that one of them stops sending");
        for place in places.take(SHOWN_OF_A_LOOP) {
            problem = problem.related("through this subscription", place);
        }
        problems.push(problem);
    }
}

/// The strongly connected component of each node, identified by one of its members (Tarjan, without recursion).
fn groups(listeners: &Listeners) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let nodes = listeners.nodes();
    let (mut index, mut low, mut group) = (vec![UNSEEN; nodes], vec![0; nodes], vec![UNSEEN; nodes]);
    let (mut open, mut path, mut count) = (Vec::new(), Vec::new(), 0);
    for start in 0..nodes {
        if index[start] == UNSEEN {
            path.push((start, 0));
        }
        while let Some((node, next)) = path.pop() {
            if next == 0 {
                (index[node], low[node]) = (count, count);
                count += 1;
                open.push(node);
            }
            if let Some(child) = listeners.of_node(node).get(next) {
                path.push((node, next + 1));
                if index[*child] == UNSEEN {
                    path.push((*child, 0));
                } else if group[*child] == UNSEEN {
                    low[node] = low[node].min(index[*child]);
                }
                continue;
            }
            if low[node] == index[node] {
                while let Some(member) = open.pop() {
                    group[member] = node;
                    if member == node {
                        break;
                    }
                }
            }
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Range;

    #[test]
    fn nodes_that_reach_each_other_are_one_group() {
        let between = [(0, 1), (1, 2), (3, 4), (1, 3), (2, 0), (4, 3)];
        let between = between.map(|(from, to)| (from, to, Range::default())).into();
        let groups = groups(&Listeners::of(6, &Edges { between, ..Edges::default() }));
        assert_eq!((groups[0] == groups[1], groups[1] == groups[2]), (true, true));
        assert_eq!((groups[3] == groups[4], groups[2] == groups[3], groups[4] == groups[5]), (true, false, false));
    }
}
