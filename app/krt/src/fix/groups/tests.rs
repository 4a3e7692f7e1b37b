//! Proving fixes together gives the same result as proving them one by one.

use proptest::prelude::*;

use super::*;
use crate::check::{Analysis, Options, analyze, codes_and_places};
use crate::diagnostic::apply;
use crate::fix::{CodeAndPlace, Purpose, all, proven};

const GOOD: &str = "\
krtVersion: v2
version: many-typos
description: Two workflows with values that fixes change.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:1.29.0
config:
  variables: [FIRST, SECOND]
  files:
    - ONE_JSON
workflows:
  - name: first
    entrypoint: First
    exitpoint: last
    nodes:
      - name: etl
        image: konstellation/kre-py:1.29.0
        src: src/etl/main.py
        gpu: false
        replicas: 2
        subscriptions:
          - entrypoint
        objectStore:
          name: mails
          scope: workflow
      - name: etl-a
        image: konstellation/kre-py:1.29.0
        src: src/etl/main.py
        subscriptions: [etl, entrypoint]
      - name: last
        image: konstellation/kre-go:1.29.0
        src: bin/last
        subscriptions:
          - etl
          - etl-a.done
  - name: second
    entrypoint: Second
    exitpoint: last
    nodes:
      - name: only
        image: konstellation/kre-go:1.29.0
        src: bin/only
        gpu: true
        subscriptions: [entrypoint]
      - {name: last, image: a/b, src: bin/last, subscriptions: [only], objectStore: {name: mails, scope: project}}
";

/// Typical mistakes: a piece of the text, replaced in one of its places.
const TYPOS: &[(&str, &str)] = &[
    ("gpu: false", "gpu: no"),
    ("gpu: true", "gpu: \"True\""),
    ("replicas: 2", "replicas: \"2\""),
    ("replicas: 2", "replicas: 0"),
    ("replicas: 2", "replica: two"),
    ("konstellation", "Konstellation"),
    ("konstellation/", "https://konstellation/"),
    ("src: src/", "src: ./src//"),
    ("src: bin/", "src: bin\\"),
    ("src:", "source:"),
    ("image:", "Image:"),
    ("name:", "nmae:"),
    ("name: e", "name: E"),
    ("name: etl-a", "name: etl-A"),
    ("name: last", "name: 1.5"),
    ("subscriptions:", "subscription:"),
    ("- entrypoint", "- entrypont"),
    ("[entrypoint]", "[entrypoint.x]"),
    ("- etl\n", "- elt\n"),
    ("- etl\n", "- etl\n          - etl\n"),
    ("etl-a.done", "elt-a.done"),
    ("etl-a.done", "elt"),
    ("[etl, ", "[elt-a, "),
    ("[only]", "[onyl, only, onlly]"),
    ("exitpoint: last", "exitpoint: lst"),
    ("    exitpoint: last\n", ""),
    ("scope: workflow", "scope: Workflow"),
    (", scope: project", ""),
    ("          scope: workflow\n", ""),
    ("gpu: false\n", "env: {A: 1}\n"),
    ("gpu: false\n", "env:\n          A: 1\n\n          B: |\n            text\n"),
    ("gpu: false\n", "exitpoint: last\n"),
    ("version: many", "extra: &x {a: 1}\nversion: many"),
    ("config:\n", "nodes: []\nconfig:\n"),
    ("config:\n", "configuration: [a, b]\nsecrets:\n- a\nconfig:\n"),
    ("  files:\n    - ONE_JSON\n", "  file:\n    - ONE_JSON\n"),
    ("SECOND", "FIRST, SECOND"),
    ("krtVersion: v2", "krtversion: v2"),
    ("description: Two", "description: *x # "),
    ("proto: public", "proto: ./public"),
    ("entrypoint: First", "entrypoint: a.b/First"),
];

fn with_typos() -> impl Strategy<Value = String> {
    let mistake = (prop::sample::select(TYPOS), any::<prop::sample::Index>());
    let typo = (any::<prop::sample::Index>(), prop::sample::select(vec!["", "x", "-", " ", "\n", ":", "#", "'"]));
    (prop::collection::vec(mistake, 1..14), prop::option::weighted(0.2, typo)).prop_map(|(typos, typo)| {
        let mut text = GOOD.to_owned();
        for ((from, to), place) in typos {
            let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
            if let Some(at) = (!places.is_empty()).then(|| *place.get(&places)) {
                text.replace_range(at..at + from.len(), to);
            }
        }
        if let Some((place, typo)) = typo {
            let at = place.index(text.len());
            text.replace_range(at..=at, typo);
        }
        text
    })
}

/// The check with the fixes that the rules propose.
fn proposed(text: &str) -> Analysis {
    analyze(text, Options::MEMBER)
}

fn again(text: &str) -> Vec<CodeAndPlace> {
    codes_and_places(text, Options::PROBLEMS).0
}

/// How many fixes are proven, and how many of them in groups.
fn compared(text: &str) -> (usize, usize) {
    let Analysis { diagnostics: found, workflows, .. } = proposed(text);
    let groups = super::of(text, &found, workflows.as_deref());
    let grouped = groups.iter().filter(|group| group.len() > 1).map(Vec::len).sum();
    let together = proven(text, found.clone(), workflows.as_deref(), again);
    let one_by_one = proven(text, found, None, again);
    assert_eq!(together, one_by_one, "{text}");
    (together.iter().map(|found| found.fixes.len()).sum(), grouped)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(600), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_proven_together_is_what_is_proven_one_by_one(text in with_typos()) {
        compared(&text);
    }
}

/// Fixes the text as by hand: applies the first fix of the first fixable problem until none is left.
fn fixed_one_by_one(text: &str) -> String {
    let mut text = text.to_owned();
    let mut found = analyze(&text, Options::default()).diagnostics;
    while let Some(fix) = found.iter().find_map(|found| found.fixes.first()) {
        text = apply(&text, fix);
        found = analyze(&text, Options::default()).diagnostics;
    }
    text
}

fn checked(text: &str, purpose: Purpose) -> Analysis {
    analyze(text, Options::default().to(purpose))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_fixed_together_is_what_is_fixed_one_by_one(text in with_typos()) {
        let fixed = all(&text, &checked(&text, Purpose::Reporting), checked).map_or(text.clone(), |fixed| fixed.text);
        prop_assert_eq!(fixed, fixed_one_by_one(&text));
    }
}

#[test]
fn typos_all_over_a_manifest_are_fixed_in_few_checks() {
    assert_eq!(proposed(GOOD).diagnostics, []);
    let text = GOOD
        .replace("gpu: false", "gpu: no")
        .replace("konstellation", "Konstellation")
        .replace("src: bin/", "src: ./bin/")
        .replace("- etl\n", "- elt\n")
        .replace("replicas:", "replica:");
    let found = proposed(&text);
    let groups = super::of(&text, &found.diagnostics, found.workflows.as_deref());
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    assert_eq!((sizes, compared(&text)), (vec![11], (11, 11)));
}

#[test]
fn subscriptions_go_together_unless_their_consumers_could_be_called_alike() {
    let reach = |old: &str, new: &str| Reach::Subscription(0, [old.to_owned(), new.to_owned()]);
    let member = |line, reach| Member { candidate: (line as usize, 0), first_line: line, last_line: line, reach };
    let with = |one, other| go_together(&member(1, one), &member(2, other));
    assert!(with(reach("elt", "etl"), reach("lats", "last")));
    // `node-a` listening to `b` and `node` listening to `a-b`.
    assert!(!with(reach("elt", "b"), reach("a-b", "a-c")));
    assert!(!with(reach("elt", "etl"), Reach::Workflow(0)));
    assert!(with(reach("elt", "etl"), Reach::Workflow(1)) && with(Reach::Workflow(0), Reach::Value));
    assert!(!go_together(&member(1, Reach::Value), &member(1, Reach::Value)));
}

#[test]
fn a_fix_that_makes_a_clash_is_not_offered_though_another_would_undo_it() {
    let node = |name: &str, subscription: &str| {
        format!(
            "      - name: {name}\n        image: a/b\n        src: a\n        subscriptions:\n          - {subscription}\n"
        )
    };
    let nodes = [("b", "entrypoint"), ("a-c", "entrypoint"), ("node-a", "bb"), ("node", "a-b")];
    let nodes = nodes.map(|(name, subscription)| node(name, subscription)).concat();
    let head = &GOOD[..GOOD.find("  - name: first").unwrap()];
    let text = format!("{head}  - name: w\n    entrypoint: Run\n    exitpoint: node\n    nodes:\n{nodes}");
    // As `b`, it would share the consumer `node-a-b` with `a-b`, as long as that is not fixed.
    let Analysis { diagnostics, workflows, .. } = proposed(&text);
    let found = proven(&text, diagnostics, workflows.as_deref(), again);
    let offered =
        |message: &str| found.iter().find(|found| found.message.contains(message)).map(|found| found.fixes.len());
    assert_eq!((offered("no node `bb`"), offered("no node `a-b`")), (Some(0), Some(1)));
}
