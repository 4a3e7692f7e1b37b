//! The direct reader yields the same draft as the tree, and leaves texts that are not plain or not well-formed to it.

use proptest::prelude::*;

use super::{is_read_alike, read};
use crate::text::Places;

const MANIFEST: &str = include_str!("tests/plain.yml");

/// Whether a text is read directly. If so, the tree must yield the same draft.
fn is_read(text: &str) -> Result<bool, TestCaseError> {
    let Some(draft) = read(text) else { return Ok(false) };
    prop_assert!(is_read_alike(&draft, text, &Places::new(text)), "the tree yields another draft: {text}");
    Ok(true)
}

#[test]
fn a_plain_manifest_is_read_directly() {
    assert!(is_read(MANIFEST).unwrap());
    assert!(is_read(&MANIFEST.replace('\n', "\r\n")).unwrap());
    assert!(is_read(&format!("---\n# a comment\n{}", MANIFEST.trim_end())).unwrap());
}

#[test]
fn what_has_something_wrong_in_its_form_is_left_to_the_tree() {
    for (written, instead) in [
        ("krtVersion: v2", "krtVersion: v1"),
        ("krtVersion: v2", "krtVersion: v3"),
        ("krtVersion: v2\n", ""),
        ("version: greeter", "version: 12"),
        ("version: greeter", "version:"),
        ("version: greeter", "version: \"\""),
        ("version: greeter", "version: greeter\nversion: greeter"),
        ("version: greeter", "verison: greeter"),
        ("version: greeter", "version:\n  greeter"),
        ("version: greeter", "version: [greeter]"),
        ("description: \"Greets: people\"", "description: Greets: people"),
        ("description: \"Greets: people\"", "description: \"Greets\\tpeople\""),
        ("description: \"Greets: people\"", "description: Greets\n  people"),
        ("  image: konstellation/kre-entrypoint:latest\n", ""),
        ("  image: konstellation/kre-entrypoint:latest", "   image: konstellation/kre-entrypoint:latest"),
        ("[API_KEY, \"REGION\"]", "[API_KEY, \"REGION\",]"),
        ("[API_KEY, \"REGION\"]", "[API_KEY, 1]"),
        ("[API_KEY, \"REGION\"]", "[]"),
        ("  files:\n  - weights.bin\n", "  files:\n - weights.bin\n"),
        ("gpu: true", "gpu: yes"),
        ("gpu: true", "gpu: ~"),
        ("gpu: true", "gpu: \"true\""),
        ("replicas: 2", "replicas: 0"),
        ("replicas: 2", "replicas: 101"),
        ("replicas: 2", "replicas: 2.0"),
        ("replicas: 2", "replicas: \"2\""),
        ("scope: project", "scope: all"),
        ("        scope: project\n", ""),
        ("    exitpoint: output\n", ""),
        ("    exitpoint: output\n", "      exitpoint: output\n"),
        ("    exitpoint: output\n", "    exitpoint: output\n    sequential: [a]\n"),
        ("subscriptions: [entrypoint]", "subscriptions: entrypoint"),
        ("subscriptions: [entrypoint]", "subscriptions: [[entrypoint]]"),
        ("      - name: output", "       - name: output"),
        ("      - name: output", "      -  - name: output"),
        ("      - name: output", "      - &output\n        name: output"),
    ] {
        let text = MANIFEST.replacen(written, instead, 1);
        assert_ne!(text, MANIFEST, "{written} is not in the manifest");
        assert!(read(&text).is_none(), "{instead:?} instead of {written:?} was read directly");
    }
}

/// The manifest with some lines replaced, duplicated, indented differently, removed or given another end.
fn mutated() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = MANIFEST.lines().collect();
    let count = lines.len();
    let ends = vec!["", " # note", ":", " x", " []", " \"q\"", " ~", " 7", " true", "\t", "é", " 日", "  ", "#", ","];
    let edit = (0..count, 0..count, -3isize..4, 0usize..6, prop::sample::select(ends));
    prop::collection::vec(edit, 1..4).prop_map(move |edits| {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for (at, other, shift, kind, end) in edits {
            let line = lines[at].clone();
            lines[at] = match kind {
                0 => lines[other].clone(),
                1 => format!("{line}\n{}", lines[other]),
                2 if shift < 0 => line.strip_prefix(&" ".repeat(-shift as usize)).unwrap_or(&line).to_owned(),
                2 => format!("{}{line}", " ".repeat(shift as usize)),
                3 => String::new(),
                4 => line.split_once(": ").map_or(line.clone(), |(key, _)| format!("{key}:{end}")),
                _ => format!("{line}{end}"),
            };
        }
        lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(6000), ..ProptestConfig::default() })]

    #[test]
    fn any_change_of_a_manifest_is_read_alike(text in mutated()) {
        is_read(&text)?;
    }
}
