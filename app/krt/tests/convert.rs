//! Conversion of KRT v1 to v2: the output, its equivalence, and what is refused.

mod support;

use std::fs;
use std::path::Path;

use krt::check::{Options, analyze};
use krt::convert::to_v2;
use krt::manifest::{Contents, Format, Manifest};

/// A difficult manifest: comments everywhere, a node used twice.
const COMMENTED: &str = include_str!("manifests/valid/commented.yml");

fn parsed(text: &str) -> Option<Manifest> {
    analyze(text, Options::MANIFEST).manifest
}

/// What a manifest contains when it is written as v2.
fn as_v2(manifest: Manifest) -> Contents {
    Contents { format: Format::V2, ..manifest.into_contents() }
}

#[test]
fn a_commented_manifest_keeps_every_comment() {
    insta::assert_snapshot!(to_v2(COMMENTED).unwrap());
}

#[test]
fn a_manifest_in_braces_stays_in_braces() {
    let json = r#"{"version": "a", "description": "b", "entrypoint": {"proto": "a.proto", "image": "a"}, "nodes": [{"name": "n", "image": "a", "src": "n"}], "workflows": [{"name": "w", "entrypoint": "E", "sequential": ["n"]}]}"#;
    insta::assert_snapshot!(to_v2(json).unwrap());
    let mixed = "version: a\ndescription: b\nentrypoint: {proto: a.proto, image: a}\nnodes:\n- name: n\n  image: a\n  src: n\nworkflows: [{name: w, entrypoint: E, sequential: [n]}]\n";
    insta::assert_snapshot!(to_v2(mixed).unwrap());
    let other = "version: a\r\ndescription: b\r\nentrypoint: {proto: a.proto, image: a}\r\nnodes: [{name: n, image: a, src: n},\r\n  {name: unused, image: a, src: n}]\r\nworkflows:\r\n- name: w\r\n  entrypoint: E\r\n  sequential:\r\n  - n\r\n";
    assert!(to_v2(other).is_err_and(|why| why[0].message.contains("unused")));
    insta::assert_debug_snapshot!(
        to_v2(&other.replace("unused", "m").replace("  - n\r\n", "  - m\r\n  - n\r\n")).unwrap()
    );
}

#[test]
fn anchors_merges_aliases_and_tabs_are_kept_where_the_meaning_is_the_same() {
    let top = "version: a\ndescription: b\nentrypoint: {proto: a.proto, image: a}\n";
    for rest in [
        "nodes:\n- &one\n  name: one\n  image: &img a/b\n  src: x\n- {<<: *one, name: two,} # two\nworkflows:\n- name: w\n  entrypoint: E\n  sequential: &s [one, two]\n- {name: x, entrypoint: F, sequential: *s} # x\n",
        "x-t: &t {image: a, src: b}\nnodes:\n  - <<: *t\n    name:\tone\n  - name: two\n    <<: *t\nworkflows:\n- sequential:\n  - two # first\n  - one\n  name: w\n  entrypoint: E\n",
        "krtVersion:\nnodes:\n  - # here\n    name: \"1\"\n    image: a\n    src: >-\n      x\nworkflows:\n- sequential: [\"1\"]\n  name: w\n  entrypoint: E",
    ] {
        let text = format!("{top}{rest}");
        let manifest = parsed(&text).unwrap_or_else(|| panic!("{text}"));
        let converted = to_v2(&text).unwrap_or_else(|why| panic!("{text}\n{why:?}"));
        assert_eq!(parsed(&converted).map(Manifest::into_contents), Some(as_v2(manifest)));
    }
}

#[test]
fn what_cannot_be_converted_safely_is_refused_with_its_place() {
    let base = "version: a\ndescription: b\nentrypoint: {proto: a.proto, image: a}\nnodes:\n- name: n\n  image: a\n  src: n\nworkflows:\n- name: w\n  entrypoint: E\n  sequential: [n]\n";
    for (from, to, said) in [
        ("  src: n\n", "  src: n\n  replicas: 3\n", "`replicas` is ignored in v1"),
        (
            "nodes:\n- name: n\n  image: a\n  src: n\n",
            "x-nodes: &nodes\n- name: n\n  image: a\n  src: n\nnodes: *nodes\n",
            "`nodes` must be a list here, not an alias",
        ),
    ] {
        let text = base.replace(from, to);
        let why = to_v2(&text).unwrap_err();
        assert_eq!(why.len(), 1, "{why:?}");
        assert!(why[0].code == "convert-unsafe" && why[0].message.contains(said), "{}", why[0].message);
        assert!(why[0].help.is_some() && why[0].span.is_some_and(|span| span.line > 1));
    }
    assert!(to_v2("version: 1").unwrap_err().iter().all(|found| found.code != "convert-unsafe"));
}

#[test]
fn a_v2_manifest_is_returned_unchanged() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests/valid/v2.yml")).unwrap();
    assert_eq!(to_v2(&text).unwrap(), text);
}

/// Returns the comments of a text, verbatim.
fn comments(text: &str) -> Vec<&str> {
    let mark = |line: &str| if line.starts_with('#') { Some(0) } else { line.find(" #").map(|at| at + 1) };
    text.lines().filter_map(|line| mark(line).map(|at| line[at..].trim_end())).collect()
}

#[test]
fn every_valid_v1_manifest_means_the_same_in_v2() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests/valid");
    let beside = support::shared("conversion of the shared cases");
    let beside = beside.into_iter().flat_map(|shared| [shared.join("cases"), shared.join("real/manifests")]);
    let folders = [own].into_iter().chain(beside);
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let (mut converted, mut refused) = (0, Vec::new());
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Some(manifest) = parsed(&text).filter(|manifest| manifest.format == Format::V1) else {
            continue;
        };
        match to_v2(&text) {
            Ok(result) => {
                let found = parsed(&result).map(Manifest::into_contents);
                assert_eq!(found, Some(as_v2(manifest)), "{}:\n{result}", path.display());
                let kept = comments(&result);
                assert!(comments(&text).iter().all(|comment| kept.contains(comment)), "{}", path.display());
                assert_eq!(to_v2(&result).as_ref(), Ok(&result));
                converted += 1;
            }
            Err(why) => {
                assert!(why.len() == 1 && why[0].code == "convert-unsafe", "{}: {why:?}", path.display());
                refused.push(format!("{}: {} {:?}", path.display(), why[0].message, why[0].span.map(|span| span.line)));
            }
        }
    }
    println!("{converted} converted, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(
        converted > 0 && refused.len() * 20 <= converted,
        "{converted} converted, refused:\n{}",
        refused.join("\n")
    );
}
