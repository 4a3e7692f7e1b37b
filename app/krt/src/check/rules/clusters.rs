//! Names that may clash in a cluster: Deployments of KRE, durable consumers of the broker.

use std::collections::BTreeMap;

use foldhash::HashSet;

use super::{Draft, DraftNode, DraftWorkflow, Numbers, named};
use crate::check::problem::{Problem, Problems};
use crate::text::{Range, quote};

/// The longest name of a container, in characters.
const MAX_CONTAINER: usize = 63;

/// More subscriptions of one node than this are not compared one by one.
const MANY: usize = 16;

/// Runtime IDs are hardly ever shorter than this.
const LEAST_RUNTIME: usize = 4;

/// `<workflow>-<node>` must be unique in a version: KRE's Deployments have this name (`manager_node.go`).
pub(super) fn deployments(workflows: &[DraftWorkflow<'_>], problems: &mut Problems) {
    let names = || workflows.iter().filter_map(|workflow| workflow.name).map(|name| name.value);
    let known: HashSet<&str> = names().collect();
    if !names().any(|name| begins_with_another(name, |other| known.contains(other))) {
        return;
    }
    let mut known: BTreeMap<String, (&str, &str, Range)> = BTreeMap::new();
    for workflow in workflows {
        let Some(workflow_name) = workflow.name.map(|name| name.value) else { continue };
        for (_, _, node) in named(workflow) {
            let mine = (workflow_name, node.value, node.at);
            let first = known.entry(format!("{workflow_name}-{}", node.value)).or_insert(mine);
            // `workflow-duplicate` and `node-duplicate` report identical names.
            if (first.0, first.1) != (mine.0, mine.1) && first.0 != mine.0 {
                let message = format!(
                    "node {} of workflow {} and node {} of workflow {} would have the same Deployment name",
                    quote(mine.1),
                    quote(mine.0),
                    quote(first.1),
                    quote(first.0)
                );
                let problem = Problem::error("deployment-clash", mine.2, message).help("rename one of the nodes");
                problems.push(problem.related("the other node is here", first.2));
            }
        }
    }
}

/// `<node>-<subscription>`, with dots turned into dashes, must be unique in a workflow: durable consumers have this
/// name (kre-go, `main.go`).
pub(super) fn consumers(workflow: &DraftWorkflow<'_>, numbers: &Numbers<'_>, problems: &mut Problems) {
    let begins = |name: &str| begins_with_another(name, |other| numbers.get(other).is_some());
    let may_clash =
        !numbers.are_distinct || named(workflow).any(|(_, node, name)| has_alike(node) || begins(name.value));
    if !may_clash {
        return;
    }
    let mut known: BTreeMap<String, (&str, &str, Range)> = BTreeMap::new();
    for (_, node, name) in named(workflow) {
        for subscription in &node.subscriptions {
            let mine = (name.value, subscription.value, subscription.at);
            let consumer = format!("{}-{}", mine.0, mine.1.replace('.', "-"));
            let first = known.entry(consumer).or_insert(mine);
            if (first.0, first.1) != (mine.0, mine.1) {
                let message = format!(
                    "{} of node {} and {} of node {} would share one consumer in the broker",
                    quote(mine.1),
                    quote(mine.0),
                    quote(first.1),
                    quote(first.0)
                );
                let help = "dots become hyphens in a consumer's name: rename a node or a subtopic";
                let problem = Problem::error("consumer-clash", mine.2, message).help(help);
                problems.push(problem.related("the other subscription is here", first.2));
            }
        }
    }
}

/// Whether a known name followed by `-` is a prefix of this name: only then can two names, joined with something else
/// by a dash, become equal. Also returns `true` if the name is too long to test.
fn begins_with_another(name: &str, is_known: impl Fn(&str) -> bool) -> bool {
    let mut dashes = (0..name.len()).filter(|at| name.as_bytes()[*at] == b'-');
    name.len() > MAX_CONTAINER || dashes.any(|dash| is_known(&name[..dash]))
}

/// Whether two different subscriptions may become equal when dots become hyphens.
fn has_alike(node: &DraftNode<'_>) -> bool {
    let names = || node.subscriptions.iter().map(|subscription| subscription.value);
    let is_alike = |one: &str, other: &str| {
        one.len() == other.len() && one != other && one.replace('.', "-") == other.replace('.', "-")
    };
    node.subscriptions.len() > MANY
        || node.subscriptions.len() > 1
            && names().any(|one| one.bytes().any(|byte| byte == b'.') && names().any(|other| is_alike(one, other)))
}

/// Warns if little room is left for the runtime ID: on KRE, a container is named
/// `<runtime>-<version>-<workflow>-<node>`.
pub(super) fn room_for_runtime(draft: &Draft<'_>, problems: &mut Problems) {
    let Some(version) = &draft.version else { return };
    let all = draft.workflows.iter().flat_map(|workflow| {
        let length = workflow.name.as_ref().map_or(0, |name| name.value.len());
        named(workflow).map(move |(_, _, node)| (length + node.value.len(), node))
    });
    let Some((longest, node)) = all.max_by_key(|(length, _)| *length) else { return };
    let taken = version.value.len() + longest + "---".len();
    if taken <= MAX_CONTAINER && MAX_CONTAINER - taken < LEAST_RUNTIME {
        let left = MAX_CONTAINER - taken;
        let message = format!(
            "the names of the version, workflow and node {} leave {left} characters for the runtime ID on KRE",
            quote(node.value)
        );
        let help = "KRE joins all four names into one of at most 63 characters: shorten one of them";
        problems.push(Problem::warning("names-long-together", node.at, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_dashes_could_make_alike_are_seen() {
        for (names, wanted) in [
            (&["etl", "etl-2"][..], true),
            (&["a-b", "c", "a-b-c"], true),
            (&["etl2", "etl", "e-tl"], false),
            (&["node-1", "node-10"], false),
            (&["etl", &"x".repeat(64)], true),
        ] {
            let found = names.iter().any(|name| begins_with_another(name, |other| names.contains(&other)));
            assert_eq!(found, wanted, "{names:?}");
        }
    }
}
