//! The nodes of a workflow by their names: looked up once for all rules that ask.

use foldhash::{HashMap, HashMapExt};

use super::{DraftWorkflow, named};

pub(super) struct Numbers<'d> {
    by_name: HashMap<&'d str, usize>,
    /// No name is there twice.
    pub(super) are_distinct: bool,
}

impl<'d> Numbers<'d> {
    pub(super) fn of(workflow: &'d DraftWorkflow<'_>) -> Numbers<'d> {
        let mut numbers = Numbers { by_name: HashMap::with_capacity(workflow.nodes.len()), are_distinct: true };
        for (number, _, name) in named(workflow) {
            let first = *numbers.by_name.entry(name.value).or_insert(number);
            numbers.are_distinct &= first == number;
        }
        numbers
    }

    /// The number of the first node of this name.
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }
}
