//! Nodes with an invalid name that nothing refers to: a reference to an unknown node may mean one of them, and the
//! invalid name is already reported.

use std::collections::HashSet;

use super::{DraftNode, DraftWorkflow};
use crate::manifest::ENTRYPOINT;
use crate::manifest::forms::is_name;
use crate::text::closest;

/// The unknown names in references, if at least as many nodes have invalid names.
#[derive(Default)]
pub(in crate::check) struct UnresolvedNames<'d>(HashSet<&'d str>);

impl<'d> UnresolvedNames<'d> {
    /// Of one workflow: compares its nodes with its subscriptions and its exitpoint.
    pub(super) fn of(workflow: &DraftWorkflow<'d>) -> UnresolvedNames<'d> {
        let subscriptions = workflow.nodes.iter().flat_map(|node| &node.subscriptions);
        let whole = subscriptions.clone().chain(&workflow.exitpoint).map(|text| text.value);
        UnresolvedNames::among(&workflow.nodes, whole.collect(), subscriptions.map(|text| text.node()).collect())
    }

    /// Among nodes that are referred to by these whole names, or by these first halves of subscriptions.
    pub(in crate::check) fn among(
        nodes: &[DraftNode<'d>],
        whole: HashSet<&'d str>,
        halves: HashSet<&'d str>,
    ) -> UnresolvedNames<'d> {
        let mut names = HashSet::new();
        let mut wrong = 0;
        for name in nodes.iter().filter_map(|node| node.name.as_ref()).map(|name| name.value) {
            let is_second = !names.insert(name);
            let is_asked_for = whole.contains(name) && name != ENTRYPOINT;
            if is_second || !is_asked_for && (name == ENTRYPOINT || !is_name(name)) {
                wrong += 1;
            }
        }
        if wrong == 0 {
            return UnresolvedNames::default();
        }
        let is_there = |asked: &str| names.contains(asked) || asked == ENTRYPOINT;
        let whole = whole.into_iter().filter(|asked| !asked.contains('.'));
        let missing: HashSet<&str> = whole.chain(halves).filter(|asked| !is_there(asked)).collect();
        if missing.len() > wrong {
            return UnresolvedNames::default();
        }
        // A name that resembles the valid name of a node is a typo of that name.
        let good = || names.iter().copied().filter(|name| is_name(name));
        UnresolvedNames(missing.into_iter().filter(|asked| closest(asked, good()).is_none()).collect())
    }

    /// Whether a reference to this name may mean one of the nodes with an invalid name.
    pub(in crate::check) fn may_be(&self, asked: &str) -> bool {
        self.0.contains(asked)
    }
}
