//! Subscriptions: `entrypoint`, a node of the same workflow, or one subtopic of it.
//!
//! Source: the subjects of a workflow's stream are `<node>`, `<node>.*` and `entrypoint` (nats-manager, `client.go`).

use std::cell::OnceCell;

use foldhash::{HashMap, HashMapExt};

use super::missing::{self, Missing};
use super::unresolved_names::UnresolvedNames;
use super::{DraftNode, DraftWorkflow, Numbers, Text, named, title};
use crate::check::distinct::are_distinct;
use crate::check::draft::halves;
use crate::check::problem::{Problem, Problems};
use crate::manifest::ENTRYPOINT;
use crate::manifest::forms::is_word;
use crate::text::{ProposedEdit, Range, closest, did_you_mean, quote};

/// The workflow in which each node name is first declared, for subscriptions that look for it in another one.
pub(super) struct Homes<'d, 't> {
    workflows: &'d [DraftWorkflow<'t>],
    /// Built on first use: most manifests do not need it.
    by_node: OnceCell<HashMap<&'t str, &'d DraftWorkflow<'t>>>,
}

impl<'d, 't> Homes<'d, 't> {
    pub(super) fn of(workflows: &'d [DraftWorkflow<'t>]) -> Homes<'d, 't> {
        Homes { workflows, by_node: OnceCell::new() }
    }

    fn get(&self, node: &str) -> Option<&'d DraftWorkflow<'t>> {
        let by_node = self.by_node.get_or_init(|| {
            let all = self.workflows.iter().flat_map(|home| named(home).map(move |(_, _, name)| (name.value, home)));
            let mut homes = HashMap::new();
            all.for_each(|(name, home)| {
                homes.entry(name).or_insert(home);
            });
            homes
        });
        by_node.get(node).copied()
    }
}

/// Which node subscribes to which.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// Numbers of the nodes that subscribe to the entrypoint.
    pub(super) from_entrypoint: Vec<usize>,
    /// The number of a node, the number of a node that subscribes to it, and the position of the subscription.
    pub(super) between: Vec<(usize, usize, Range)>,
    /// Whether no subscription is left out because it may refer to a node with an invalid name.
    pub(super) are_all: bool,
}

/// Checks each subscription of a workflow.
pub(super) fn check(
    workflow: &DraftWorkflow<'_>,
    numbers: &Numbers<'_>,
    homes: &Homes<'_, '_>,
    problems: &mut Problems,
) -> Edges {
    let mut edges = Edges { are_all: true, ..Edges::default() };
    let unresolved_names = OnceCell::new();
    let mut missing = Missing::default();
    for (to, node) in workflow.nodes.iter().enumerate() {
        repeated(node, problems);
        for subscription in &node.subscriptions {
            if subscription.value == ENTRYPOINT {
                edges.from_entrypoint.push(to);
                continue;
            }
            // The invalid name of an existing node is reported there.
            let whole = numbers.get(subscription.value);
            if whole.is_none() && !form(subscription, numbers, problems) {
                continue;
            }
            match whole.or_else(|| numbers.get(subscription.node())) {
                Some(from) if from == to => {
                    let problem = Problem::error(
                        "subscription-self",
                        subscription.at,
                        format!("{} subscribes to itself", title(node)),
                    );
                    problems.push(problem.help("every message would loop forever: subscribe to another node"));
                }
                Some(from) => edges.between.push((from, to, subscription.at)),
                // A node without a name may be the intended one.
                None if workflow.all_named || homes.get(subscription.node()).is_some() => {
                    let from = subscription.node();
                    let unresolved_names = unresolved_names.get_or_init(|| UnresolvedNames::of(workflow));
                    if unresolved_names.may_be(from) {
                        edges.are_all = false;
                        continue;
                    }
                    missing.add(from, *subscription);
                }
                None => {}
            }
        }
    }
    for (from, places) in missing.each() {
        problems.push(unknown(places, from, workflow, homes, problems.is_full()));
    }
    edges
}

/// Whether a subscription is one word, or two words with a dot between them. Reports anything else.
fn form(subscription: &Text<'_>, numbers: &Numbers<'_>, problems: &mut Problems) -> bool {
    let Text { value, at } = subscription;
    let is_right = match halves(value) {
        (node, Some(subtopic)) => {
            is_word(subtopic) && node != ENTRYPOINT && (is_word(node) || numbers.get(node).is_some())
        }
        (node, None) => is_word(node),
    };
    if is_right {
        return true;
    }
    let parts: Vec<&str> = value.split('.').take(4).collect();
    let (code, message, help) = if value.contains(['*', '>']) {
        let help = "a broker consumer cannot have a wildcard in its name: subscribe to each topic by name";
        ("subscription-wildcard", format!("the subscription {} has a wildcard", quote(value)), help)
    } else if parts.len() > 2 && parts.iter().all(|part| is_word(part)) {
        let help = "the broker carries only `node` and `node.subtopic`";
        ("subscription-depth", format!("the subscription {} has more than one subtopic", quote(value)), help)
    } else if parts.len() > 2 || !parts.iter().all(|part| is_word(part)) {
        let help = "write `entrypoint`, the name of a node, or `node.subtopic`";
        ("subscription-form", format!("{} is not a valid subscription", quote(value)), help)
    } else {
        let help = "write `entrypoint`";
        (
            "subscription-entrypoint-subtopic",
            format!("the entrypoint has no subtopics, so {} is never sent", quote(value)),
            help,
        )
    };
    let problem = Problem::error(code, *at, message).help(help);
    let trimmed = value.trim();
    let is_known = |name: &str| name == ENTRYPOINT || numbers.get(halves(name).0).is_some();
    if let Some(names) = missing::several(value, is_known).filter(|_| code == "subscription-form") {
        problems.push(missing::separated(problem, &[*subscription], &names));
        return false;
    }
    problems.push(match code {
        "subscription-entrypoint-subtopic" => problem.instead(*at, ENTRYPOINT),
        "subscription-form" if trimmed != *value => problem.instead(*at, trimmed),
        _ => problem,
    });
    false
}

fn unknown(
    places: &[Text<'_>],
    from: &str,
    workflow: &DraftWorkflow<'_>,
    homes: &Homes<'_, '_>,
    in_short: bool,
) -> Problem {
    let message = format!("{} has no node {} to subscribe to", workflow.title(), quote(from));
    let problem =
        Problem::error("subscription-unknown", places.first().map_or(workflow.head, |first| first.at), message);
    if in_short {
        return problem;
    }
    let problem = missing::related(problem, places);
    if let Some(home) = homes.get(from) {
        return problem.help(format!("the node belongs to {}; nodes cannot subscribe across workflows", home.title()));
    }
    let names = named(workflow).map(|(_, _, name)| name.value).chain([ENTRYPOINT]);
    let Some(near) = closest(from, names) else {
        return problem.help("declare the node in this workflow, or subscribe to an existing one");
    };
    let written = |place: &Text<'_>| match place.value.split_once('.') {
        Some((_, subtopic)) => format!("{near}.{subtopic}"),
        None => near.to_owned(),
    };
    missing::renamed(problem.help(did_you_mean(near)), places, near, written)
}

/// Only a warning: a repetition has no effect.
fn repeated(node: &DraftNode<'_>, problems: &mut Problems) {
    if are_distinct(node.subscriptions.iter().map(|subscription| subscription.value)) {
        return;
    }
    let mut known: HashMap<&str, Range> = HashMap::new();
    for Text { value, at } in &node.subscriptions {
        if let Some(first) = known.get(value) {
            let message = format!("{} subscribes to {} twice", title(node), quote(value));
            let problem = Problem::warning("subscription-duplicate", *at, message).help("remove one of them");
            let problem = problem.fix("remove the second one", [ProposedEdit::DropItem(*at)]);
            problems.push(problem.related("the first one is here", *first));
        } else {
            known.insert(value, *at);
        }
    }
}
