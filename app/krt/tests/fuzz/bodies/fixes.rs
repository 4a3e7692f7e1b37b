//! Applies every fix offered for any text: each removes its problem and adds none; so do all of them together.

use std::collections::BTreeMap;

use krt::check::{Options, analyze};
use krt::diagnostic::{Diagnostic, apply};
use krt::package::check_bare_with_fixes;

/// Maximum number of fixes tried per text: more find nothing new.
const MOST: usize = 8;

pub fn run(text: &str) {
    let before = analyze(text, Options::default()).diagnostics;
    if before.iter().any(|found| found.code == "more-problems") {
        return;
    }
    let offered = before.iter().flat_map(|found| found.fixes.iter().map(move |fix| (found, fix)));
    for (found, fix) in offered.take(MOST) {
        let fixed = apply(text, fix);
        let after = analyze(&fixed, Options::default()).diagnostics;
        let (had, has) = (counts(&before), counts(&after));
        let left = has.get(&*found.code).copied().unwrap_or_default();
        assert!(left < had[&*found.code], "{} is still there\n{fixed}", found.code);
        for (code, count) in has {
            assert!(
                count <= had.get(code).copied().unwrap_or_default(),
                "{} of {} adds {code}\n{fixed}",
                fix.title,
                found.code
            );
        }
    }
    if let Some(fixed) = check_bare_with_fixes(text.as_bytes()).fixed {
        let (had, has) = (counts(&before), counts(&fixed.diagnostics));
        assert!(fixed.diagnostics.len() < before.len(), "no problem was removed");
        assert!(
            has.iter().all(|(code, count)| had.get(code).is_some_and(|before| count <= before)),
            "{:?}",
            fixed.manifest_text
        );
    }
}

fn counts(diagnostics: &[Diagnostic]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for found in diagnostics {
        *counts.entry(&*found.code).or_default() += 1;
    }
    counts
}
