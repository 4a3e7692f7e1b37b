//! Applies all fixes that a check offers.

use std::collections::BTreeSet;

use super::{Checked, Purpose, groups};
use crate::diagnostic::{Fix, apply};
use crate::rules::MORE_PROBLEMS;

/// Maximum number of repeated checks while the fixes of one manifest are applied.
const CHECKS: usize = 50;
/// Maximum number of bytes checked in total (16 MiB): half a second in a worker. A manifest of 2,000 lines has some
/// 64 KiB.
const BUDGET: usize = 16 * 1024 * 1024;

/// A manifest with its fixes applied.
pub(crate) struct Fixed<A> {
    pub(crate) text: String,
    /// The model when no errors remain, and the remaining diagnostics.
    pub(crate) analysis: A,
}

/// Applies the fixes that the check of a manifest offers, the first one of each problem. Fixes that no rule reads
/// together are applied at once, the others one at a time, each followed by a check: one fix may change what the others
/// mean. `analysis` is the result of checking `text`, `check` checks a text. `None` when no fix applies.
pub(crate) fn all<A: Checked>(text: &str, analysis: &A, check: impl Fn(&str, Purpose) -> A) -> Option<Fixed<A>> {
    let has_more = analysis.diagnostics().iter().any(|found| found.code == MORE_PROBLEMS);
    if !has_more {
        return all_of(text, analysis, Purpose::Reporting, check);
    }
    // Problems beyond the reporting limit can be fixed as well.
    let analysis = check(text, Purpose::Fixing);
    let Fixed { text, .. } = all_of(text, &analysis, Purpose::Fixing, &check)?;
    let analysis = check(&text, Purpose::Reporting);
    Some(Fixed { text, analysis })
}

/// The same when `analysis` contains all problems.
fn all_of<A: Checked>(
    text: &str,
    analysis: &A,
    purpose: Purpose,
    check: impl Fn(&str, Purpose) -> A,
) -> Option<Fixed<A>> {
    let budget = match purpose {
        Purpose::Reporting => BUDGET,
        // Each check finds, proves and sorts thousands of problems.
        Purpose::Fixing => BUDGET / 4,
    };
    let mut made: Option<Fixed<A>> = None;
    for _ in 0..(budget / text.len().max(1)).clamp(1, CHECKS) {
        let (text, analysis) = made.as_ref().map_or((text, analysis), |made| (made.text.as_str(), &made.analysis));
        let together = first_together(text, analysis, purpose);
        // A fix must remove its problem and add none; otherwise it is not applied.
        let fixes = |fixes: &[&Fix]| {
            let text = apply(text, &joined(fixes));
            let next = check(&text, purpose);
            let are_gone = next.diagnostics().len() + fixes.len() <= analysis.diagnostics().len();
            are_gone.then_some(Fixed { text, analysis: next })
        };
        let next = match &together[..] {
            [] => None,
            [one] => fixes(&[one]),
            [one, ..] => fixes(&together).or_else(|| fixes(&[one])),
        };
        let Some(next) = next else { break };
        made = Some(next);
    }
    made
}

/// The first fix of each of the first fixable problems, as long as no rule reads two of the changes together:
/// applying them at once or one after the other yields the same text. With [`Purpose::Fixing`], also returns fixes of
/// later problems of the group: otherwise two typos on each line would be fixed one at a time.
fn first_together<'a>(text: &str, analysis: &'a impl Checked, purpose: Purpose) -> Vec<&'a Fix> {
    let found = analysis.diagnostics();
    let fixable: Vec<usize> = (0..found.len()).filter(|at| !found[*at].fixes.is_empty()).collect();
    let mut group = BTreeSet::from_iter(fixable.first().copied());
    if fixable.len() > 1 {
        let groups = groups::of(text, found, analysis.workflows());
        let of_first = groups.into_iter().find(|group| group.contains(&(fixable[0], 0)));
        group.extend(of_first.into_iter().flatten().map(|(at, _)| at));
    }
    let is_in_group = |at: &usize| group.contains(at);
    let first = match purpose {
        Purpose::Reporting => fixable.iter().take_while(|at| is_in_group(at)).count(),
        Purpose::Fixing => fixable.len(),
    };
    fixable[..first].iter().filter(|at| is_in_group(at)).filter_map(|at| found[*at].fixes.first()).collect()
}

/// Combines several fixes into one, with their edits in order.
fn joined(fixes: &[&Fix]) -> Fix {
    let mut edits: Vec<_> = fixes.iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| edit.span);
    Fix { title: String::new(), edits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{self, Analysis};

    fn analyze(text: &str, purpose: Purpose) -> Analysis {
        check::analyze(text, check::Options::default().to(purpose))
    }

    fn fixed(text: &str) -> Option<Fixed<Analysis>> {
        all(text, &analyze(text, Purpose::Reporting), analyze)
    }

    #[test]
    fn all_fixes_are_applied_and_the_rest_stays() {
        let page = crate::rule_pages::page("exitpoint-unknown").unwrap();
        let text =
            page.wrong.text.replace("greeter-node", "greter # answers").replace("greeter-1", "active-entrypoint");
        let made = fixed(&text).unwrap();
        assert_eq!(made.text, text.replace("greter", "greeter"));
        let left: Vec<_> = made.analysis.diagnostics.iter().map(|found| &*found.code).collect();
        assert_eq!((left, made.analysis.manifest), (vec!["version-reserved"], None));
        assert!(fixed(page.right.text).is_none());
    }

    /// A valid manifest with `count` more nodes, each with these entries.
    fn with_nodes(count: usize, entries: &str) -> String {
        let head = crate::rule_pages::page("exitpoint-unknown").unwrap().right.text;
        let node = |n: usize| {
            format!(
                "      - {{name: n-{n}, image: a/b:1, src: src/{n}/main.py, {entries}, subscriptions: [entrypoint]}}\n"
            )
        };
        format!("{head}{}", (0..count).map(node).collect::<String>())
    }

    #[test]
    fn many_fixes_need_few_checks_even_in_a_large_manifest() {
        let text = with_nodes(400, "gpu: \"true\"");
        let checks = std::cell::Cell::new(0);
        let fixed = all(&text, &analyze(&text, Purpose::Reporting), |text, purpose| {
            checks.set(checks.get() + 1);
            analyze(text, purpose)
        });
        let Fixed { text: fixed, analysis } = fixed.unwrap();
        assert_eq!(fixed, text.replace("\"true\"", "true"));
        assert_eq!((analysis.diagnostics, analysis.manifest.is_some()), (vec![], true));
        // A group has at most 250 fixes.
        assert_eq!(checks.get(), 2);
    }

    #[test]
    fn problems_beyond_the_reporting_limit_are_fixed_too() {
        let text = with_nodes(400, "gpu: \"true\", replicas: \"2\"");
        assert!(analyze(&text, Purpose::Reporting).diagnostics.iter().all(|found| found.fixes.is_empty()));
        let made = fixed(&text).unwrap();
        assert_eq!(made.text, text.replace("\"true\"", "true").replace("\"2\"", "2"));
        assert_eq!((made.analysis.diagnostics, made.analysis.manifest.is_some()), (vec![], true));
        // What cannot be fixed is reported as by the check.
        let text = format!("{text}{}", "      - {}\n".repeat(600));
        let made = fixed(&text).unwrap();
        assert_eq!(made.text, text.replace("\"true\"", "true").replace("\"2\"", "2"));
        assert_eq!(made.analysis.diagnostics, analyze(&made.text, Purpose::Reporting).diagnostics);
        assert_eq!(made.analysis.diagnostics.last().map(|found| &*found.code), Some(MORE_PROBLEMS));
    }

    #[test]
    fn conflicting_fixes_are_applied_as_far_as_they_fix() {
        let node = |name: &str| {
            format!("      - {{name: {name}, image: a/b:1, src: a.py, gpu: \"true\", subscriptions: [entrypoint]}}\n")
        };
        let head = crate::rule_pages::page("exitpoint-unknown").unwrap().right.text;
        let text = |names: [&str; 2], gpu: &str| format!("{head}{}", names.map(node).concat()).replace("\"true\"", gpu);
        let made = fixed(&text(["Etl", "ETL"], "\"true\"")).unwrap();
        // Both would be called `etl`.
        assert_eq!(made.text, text(["etl", "ETL"], "true"));
        assert_eq!(made.analysis.diagnostics.len(), 1);
    }
}
