//! All rules by code: the one list that pages, the command line and tests use.
//!
//! The checks are in [`crate::check`] and [`crate::package`]; a test compares their codes with this list.

mod list;

pub use list::ALL;

use crate::diagnostic::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The file's encoding and its YAML.
    Text,
    /// The format, its keys and the types of their values.
    Form,
    /// Names, images, paths, numbers.
    Values,
    /// Variables and files that a version declares.
    Config,
    /// Workflows, nodes and their subscriptions.
    Graph,
    /// Names that clash in a cluster or its broker.
    Cluster,
    /// The archive around the manifest, and the contents of its members.
    Package,
}

impl Area {
    /// Returns the area as it appears in URLs.
    pub fn id(self) -> &'static str {
        match self {
            Area::Text => "text",
            Area::Form => "form",
            Area::Values => "values",
            Area::Config => "config",
            Area::Graph => "graph",
            Area::Cluster => "cluster",
            Area::Package => "package",
        }
    }

    /// All areas, in display order.
    pub const ALL: &[Area] =
        &[Area::Text, Area::Form, Area::Values, Area::Config, Area::Graph, Area::Cluster, Area::Package];

    /// Returns the area as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Area::Text => "Text and YAML",
            Area::Form => "Format, keys and types",
            Area::Values => "Values",
            Area::Config => "Configuration",
            Area::Graph => "Workflows and nodes",
            Area::Cluster => "Names in the cluster",
            Area::Package => "The package",
        }
    }
}

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, kebab-case, area first.
    pub code: &'static str,
    pub area: Area,
    /// Severity of a violation; the same in every diagnostic with this code.
    pub severity: Severity,
    /// How much of the manifest a finding depends on.
    pub certainty: Certainty,
    /// How far a fix of this rule is read by others.
    pub fix_reach: FixReach,
    /// One line without a full stop: what the rule requires, or what was found.
    pub title: &'static str,
}

/// How much of a manifest a finding depends on. When lines could not be read, only findings are reported that the
/// missing lines cannot have caused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// On a single value, or on several that are present: certain whatever is missing.
    OfValue,
    /// On the keys of one map: certain if no missing line may have been a key of it.
    OfMap,
    /// On where one map begins and ends: certain if no missing line is next to it or inside.
    OfLayout,
    /// On the names of a workflow's nodes: certain if all of them could be read.
    OfNames,
    /// On the whole manifest: never certain.
    OfWhole,
}

/// Which rules read what a fix changes. Fixes that no rule reads together may be proven together. Rules without fixes
/// have [`FixReach::ToWhole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixReach {
    /// Only rules of the changed value or entry.
    ToValue,
    /// Those of the key that the fix renames or removes.
    ToKey,
    /// Those of the workflow, for a subscription that is unknown: while another one is, too, only the names of
    /// consumers.
    ToSubscription,
    /// Those of the workflow that contains the fix.
    ToWorkflow,
    /// Any rule: proven alone.
    ToWhole,
}

/// Returns the rule with this code.
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code)
}

/// What the check reads of a rule, in a table of its own: a program that only checks does not contain the titles.
static JUDGED: [(&str, Certainty, FixReach); ALL.len()] = {
    let mut judged = [("", Certainty::OfWhole, FixReach::ToWhole); ALL.len()];
    let mut at = 0;
    while at < ALL.len() {
        judged[at] = (ALL[at].code, ALL[at].certainty, ALL[at].fix_reach);
        at += 1;
    }
    judged
};

/// Returns the certainty of a rule's findings. A scan of the table, for findings only: valid manifests need none.
pub(crate) fn certainty(code: &str) -> Certainty {
    judged(code).0
}

/// Returns the reach of a rule's fixes.
pub(crate) fn fix_reach(code: &str) -> FixReach {
    judged(code).1
}

/// A code that is not listed gets the most cautious values.
fn judged(code: &str) -> (Certainty, FixReach) {
    let rule = JUDGED.iter().find(|rule| rule.0 == code);
    rule.map_or((Certainty::OfWhole, FixReach::ToWhole), |rule| (rule.1, rule.2))
}

/// The code that sums up the problems that are not reported.
pub(crate) const MORE_PROBLEMS: &str = "more-problems";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_knows_the_properties_of_every_rule_and_is_cautious_about_other_codes() {
        for rule in ALL {
            assert_eq!(judged(rule.code), (rule.certainty, rule.fix_reach), "{}", rule.code);
        }
        assert_eq!(judged("no-such-code"), (Certainty::OfWhole, FixReach::ToWhole));
    }
}
