//! The nodes of a workflow by name: indexed once for all rules.

use foldhash::{HashMap, HashMapExt};

use super::{DraftWorkflow, named};

pub(super) struct Numbers<'d> {
    by_name: HashMap<&'d str, usize>,
    /// A bit for each length of a name: rules out most words that are not names.
    lengths: u64,
    /// Whether no name occurs twice.
    pub(super) are_distinct: bool,
}

impl<'d> Numbers<'d> {
    pub(super) fn of(workflow: &'d DraftWorkflow<'_>) -> Numbers<'d> {
        let by_name = HashMap::with_capacity(workflow.nodes.len());
        let mut numbers = Numbers { by_name, lengths: 0, are_distinct: true };
        for (number, _, name) in named(workflow) {
            numbers.lengths |= bit(name.value);
            let first = *numbers.by_name.entry(name.value).or_insert(number);
            numbers.are_distinct &= first == number;
        }
        numbers
    }

    /// The number of the first node with this name.
    #[inline]
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        if self.lengths & bit(name) == 0 { None } else { self.by_name.get(name).copied() }
    }
}

/// The bit for the length of a name. All names of 63 bytes and more share one.
fn bit(name: &str) -> u64 {
    1 << name.len().min(63)
}
