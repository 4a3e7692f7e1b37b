//! Only what mends is offered: each mend is made, and the text checked again.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Fix, apply};

/// How many bytes may be checked again for one manifest: mends of small manifests are all tried, and a large one does
/// not cost much more than its own check.
const BUDGET: usize = 1024 * 1024;

/// Keeps the mends that remove their diagnostic and add no other. `again` checks a text as the first one was checked.
pub(crate) fn proven(
    text: &str,
    mut found: Vec<Diagnostic>,
    again: impl Fn(&str) -> Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    if found.iter().all(|diagnostic| diagnostic.fixes.is_empty()) {
        return found;
    }
    let before = counts(&found);
    let mut left = BUDGET;
    // What several diagnostics propose is tried once for each: it must remove the one that offers it.
    let mends = |code: &str, fix: &Fix, left: &mut usize| {
        let Some(rest) = left.checked_sub(text.len().max(1024)) else { return false };
        *left = rest;
        let mended = apply(text, fix);
        if mended == text {
            return false;
        }
        let diagnostics = again(&mended);
        let after = counts(&diagnostics);
        let adds_none = after.iter().all(|(code, count)| before.get(code).is_some_and(|before| count <= before));
        adds_none && after.get(code) < before.get(code)
    };
    for diagnostic in &mut found {
        let code = diagnostic.code.clone();
        diagnostic.fixes.retain(|fix| mends(&code, fix, &mut left));
    }
    found
}

/// How many diagnostics there are of each code.
fn counts(found: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in found {
        *counts.entry(diagnostic.code.to_string()).or_default() += 1;
    }
    counts
}
