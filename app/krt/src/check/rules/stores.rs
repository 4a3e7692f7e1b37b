//! Object stores: their names become names of broker streams.

use std::collections::BTreeMap;

use super::{DraftWorkflow, Text, named};
use crate::check::problem::{Problem, Problems};
use crate::manifest::forms::{MAX_STORE, is_label};
use crate::text::quote;

/// `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$` (nats-manager, `object_store.go`).
pub(super) fn name(name: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = name;
    if !is_label(value) {
        let message = format!(
            "the object store name {} may contain only lowercase letters and digits, with `-` between them",
            quote(value)
        );
        problems.push(Problem::error("object-store-name", *at, message).help("for example `emails`"));
    } else if value.len() > MAX_STORE {
        let message =
            format!("the object store name {} has {} characters; the limit is {MAX_STORE}", quote(value), value.len());
        problems.push(Problem::error("object-store-name", *at, message).help("choose a shorter name"));
    }
}

/// One name with both scopes in a workflow creates two stores: more often a mistake than intended.
pub(super) fn scopes(workflow: &DraftWorkflow<'_>, problems: &mut Problems) {
    let mut known = BTreeMap::new();
    for (_, node, _) in named(workflow) {
        let Some(store) = &node.object_store else { continue };
        let (scope, first) = known.entry(store.name.value).or_insert((store.scope, store.name.at));
        if *scope != store.scope {
            let message =
                format!("the object store {} has two scopes in {}", quote(store.name.value), workflow.title());
            let help = "these are two separate stores: use one scope or two names";
            let problem = Problem::warning("object-store-scopes", store.name.at, message).help(help);
            problems.push(problem.related("first used here", *first));
        }
    }
}
