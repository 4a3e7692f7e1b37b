//! Resolves names: the subscriptions of a workflow as links between numbered processes.

use std::collections::HashMap;

use super::processes;
use crate::outline::WorkflowOutline;

/// A subscription. Processes are numbered as in [`Layout::nodes`](super::Layout::nodes).
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    pub subtopic: Option<String>,
}

/// Returns every subscription whose two ends exist, in manifest order.
pub(super) fn links(workflow: &WorkflowOutline) -> Vec<Link> {
    // Only looked up, never iterated: its order does not matter.
    let mut number_of = HashMap::new();
    for (number, (name, _)) in processes(workflow).enumerate() {
        number_of.entry(name).or_insert(number);
    }
    let mut links = Vec::new();
    for (at, node) in workflow.nodes.iter().enumerate() {
        for subscription in &node.subscriptions {
            if let Some(&from) = number_of.get(subscription.node.as_str()) {
                links.push(Link { from, to: at + 1, subtopic: subscription.subtopic.clone() });
            }
        }
    }
    links
}

/// For each number below `count`, a list of numbers, all in one allocation.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    /// The start of each list in `items`, and the end of the last one.
    starts: Vec<usize>,
    items: Vec<usize>,
}

impl Lists {
    /// Sorts `(key, item)` pairs into lists; each list keeps the order of the pairs.
    pub fn new(count: usize, pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Lists {
        let mut starts = vec![0; count + 1];
        for (key, _) in pairs.clone() {
            starts[key + 1] += 1;
        }
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[count]];
        for (key, item) in pairs {
            items[next[key]] = item;
            next[key] += 1;
        }
        Lists { starts, items }
    }

    pub fn of(&self, key: usize) -> &[usize] {
        &self.items[self.starts[key]..self.starts[key + 1]]
    }
}
