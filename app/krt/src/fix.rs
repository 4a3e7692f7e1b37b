//! Applies all fixes that a check offers, and previews the lines that one fix changes.

use crate::check::{Analysis, Purpose, first_together};
use crate::diagnostic::{Fix, apply};

/// Maximum number of repeated checks while the fixes of one manifest are applied.
const CHECKS: usize = 50;
/// Maximum number of bytes checked in total (16 MiB): half a second in a worker. A manifest of 2,000 lines has some
/// 64 KiB.
const BUDGET: usize = 16 * 1024 * 1024;

/// A manifest with its fixes applied.
pub(crate) struct Fixed {
    pub(crate) text: String,
    /// The model when no errors remain, and the remaining diagnostics.
    pub(crate) analysis: Analysis,
}

/// Applies the fixes that the check of a manifest offers, the first one of each problem. Fixes that no rule reads
/// together are applied at once, the others one at a time, each followed by a check: one fix may change what the others
/// mean. `analysis` is the result of checking `text`, `check` checks a text. `None` when no fix applies.
pub(crate) fn all(text: &str, analysis: &Analysis, check: impl Fn(&str, Purpose) -> Analysis) -> Option<Fixed> {
    if !analysis.has_more() {
        return all_of(text, analysis, Purpose::Reporting, check);
    }
    // Problems beyond the reporting limit can be fixed as well.
    let analysis = check(text, Purpose::Fixing);
    let Fixed { text, .. } = all_of(text, &analysis, Purpose::Fixing, &check)?;
    let analysis = check(&text, Purpose::Reporting);
    Some(Fixed { text, analysis })
}

/// The same when `analysis` contains all problems.
fn all_of(
    text: &str,
    analysis: &Analysis,
    purpose: Purpose,
    check: impl Fn(&str, Purpose) -> Analysis,
) -> Option<Fixed> {
    let budget = match purpose {
        Purpose::Reporting => BUDGET,
        // Each check finds, proves and sorts thousands of problems.
        Purpose::Fixing => BUDGET / 4,
    };
    let mut made: Option<Fixed> = None;
    for _ in 0..(budget / text.len().max(1)).clamp(1, CHECKS) {
        let (text, analysis) = made.as_ref().map_or((text, analysis), |made| (made.text.as_str(), &made.analysis));
        let together = first_together(text, analysis, purpose);
        // A fix must remove its problem and add none; otherwise it is not applied.
        let fixes = |fixes: &[&Fix]| {
            let text = apply(text, &joined(fixes));
            let next = check(&text, purpose);
            let are_gone = next.diagnostics.len() + fixes.len() <= analysis.diagnostics.len();
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

/// Combines several fixes into one, with their edits in order.
fn joined(fixes: &[&Fix]) -> Fix {
    let mut edits: Vec<_> = fixes.iter().flat_map(|fix| fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|edit| edit.span);
    Fix { title: String::new(), edits }
}

/// The lines that a fix changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// The lines as they are.
    pub before: String,
    /// The lines with the fix applied.
    pub after: String,
}

/// Returns what a fix changes, in whole lines; empty when its places are not in this text.
pub fn preview(text: &str, fix: &Fix) -> Preview {
    let whole = || {
        let (first, last) = (fix.edits.first()?, fix.edits.last()?);
        let start = text.get(..first.span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
        let end = last.span.end as usize;
        let rest = text.get(end..)?;
        let fixed = apply(text, fix);
        // An edit that ends at a line break covers the whole line, unless its text continues into the next one.
        let written = fixed.get(start..fixed.len().checked_sub(rest.len())?)?;
        let is_whole = |lines: &str| lines.is_empty() || lines.ends_with('\n');
        let has_whole_line = end > start && is_whole(text.get(start..end)?) && is_whole(written);
        let end = if has_whole_line { end } else { end + rest.find('\n').map_or(rest.len(), |at| at + 1) };
        let tail = text.len() - end;
        let after = fixed.get(start..fixed.len().checked_sub(tail)?)?.to_owned();
        Some(Preview { before: text.get(start..end)?.to_owned(), after })
    };
    whole().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::diagnostic::{Edit, Span};

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edits = edits.iter().map(|(start, end, text)| {
            let span = Span { start: *start, end: *end, line: 1, column: 1, end_line: 1, end_column: 1 };
            Edit { span, text: (*text).to_owned() }
        });
        Fix { title: String::new(), edits: edits.collect() }
    }

    #[test]
    fn a_preview_shows_whole_lines_before_and_after() {
        let text = "a: 1\nb: 2\nc: 3";
        for (edits, before, after) in [
            (&[(8, 9, "5")][..], "b: 2\n", "b: 5\n"),
            (&[(5, 10, "")], "b: 2\n", ""),
            (&[(0, 5, "")], "a: 1\n", ""),
            (&[(5, 5, "x: 0\n")], "b: 2\n", "x: 0\nb: 2\n"),
            (&[(0, 0, "# "), (5, 5, "# "), (10, 10, "# ")], text, "# a: 1\n# b: 2\n# c: 3"),
            (&[(4, 5, " ")], "a: 1\nb: 2\n", "a: 1 b: 2\n"),
            (&[(3, 4, "7"), (13, 14, "9")], text, "a: 7\nb: 2\nc: 9"),
            (&[(99, 100, "")], "", ""),
        ] {
            let preview = preview(text, &fix(edits));
            assert_eq!((preview.before.as_str(), preview.after.as_str()), (before, after), "{edits:?}");
        }
    }

    fn analyze(text: &str, purpose: Purpose) -> Analysis {
        check::analyze(text, check::Options::default().to(purpose))
    }

    fn fixed(text: &str) -> Option<Fixed> {
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
        assert!(made.analysis.has_more());
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
