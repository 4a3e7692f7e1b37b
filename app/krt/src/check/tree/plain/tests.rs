//! Compares the plain reader with the parser: if it returns a tree, both trees are equal, including positions.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::super::{Places, parsed};
use super::read;

/// Whether the plain reader reads the text. If so, the parser must yield the same tree.
fn is_read_alike(text: &str) -> Result<bool, TestCaseError> {
    let Some(tree) = read(text) else { return Ok(false) };
    let (wanted, problem) = parsed(text, &Places::new(text));
    prop_assert!(problem.is_none(), "the parser rejects what the plain reader accepts: {text:?}");
    for (id, (ours, theirs)) in tree.values.iter().zip(&wanted.values).enumerate() {
        prop_assert_eq!(ours, theirs, "value {} of {:?}", id, text);
    }
    prop_assert_eq!((tree.values.len(), tree.root), (wanted.values.len(), wanted.root), "{:?}", text);
    prop_assert_eq!(tree.children, wanted.children, "{:?}", text);
    Ok(true)
}

fn manifests(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            manifests(&path, found);
        } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn every_manifest_of_the_tests_is_read_alike_and_simple_ones_plainly() {
    let mut paths = Vec::new();
    manifests(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")), &mut paths);
    let mut plain = Vec::new();
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if is_read_alike(&text).unwrap() {
            plain.extend(path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        }
    }
    for name in ["v1.yml", "v2.yml"] {
        assert!(plain.iter().any(|plain| plain == name), "{name} is not among {plain:?}");
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_parser() {
    for text in [
        "",
        "# nothing\n",
        "a\n",
        "- a\n",
        " a: b\n",
        "a:\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str b\n",
        "a: |\n  b\n",
        "a: >\n  b\n",
        "a: b\n  c\n",
        "a: 'it''s'\n",
        "a: \"\\n\"\n",
        "a: [b, c,]\n",
        "? a\n: b\n",
        "<<: a\n",
        "a: b: c\n",
        "a:\tb\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "\u{feff}a: b\n",
        "a: b\rc: d\n",
        "a: -\n",
        "a:\n - - b\n",
        "a: [\n  b]\n",
        "a:\n- b\n c: d\n",
        "a:\n  b: c\n d: e\n",
        "a: \"b\" c\n",
        "a: b\u{a0}\n",
        "a: \"b\"#c\n",
    ] {
        assert!(read(text).is_none(), "{text:?}");
    }
}

/// Pieces of YAML texts, including ones that cause errors.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["\n", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "  ", ": ", ":\n", ":\n  ", ":\n- ", "- "]).prop_map(str::to_owned),
        6 => prop::sample::select(vec!["a", "name", "b-1", "krt.yml", "1.5", "~", "true", "é", "日", "x y", "é b", "0"]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["\"q\"", "'s'", "\"a b: c\"", "''", "\"\"", "[a, b]", "[]", "[\"x\" , 'y']", "{a: b, c: 'd'}", "{ a: b }", "{a: b c}", "{a: }", "{a: [b]}", "{a:b}", " # note", "#", " #: [", "/", "."]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["\r\n", "\r", "\t", "---\n", "...", "{", "}", "[", "]", ",", "&a ", "*a", "!", "|", ">", "%", "@", "`", "?", "\"", "'", "\\", "-", ":", "\u{85}", "\u{2028}", "\u{feff}", "\u{a0}", "<<"]).prop_map(str::to_owned),
    ]
}

/// Well-formed lines, which random pieces seldom form.
fn document() -> impl Strategy<Value = String> {
    let line =
        (0usize..5, prop::bool::ANY, "[a-c]", piece(), prop::sample::select(vec!["\n", "\n\n", " # c\n", "\r\n"]));
    prop::collection::vec(line, 1..12).prop_map(|lines| {
        lines.into_iter().fold(String::from("a:\n"), |mut text, (indent, is_item, key, value, end)| {
            text.push_str(&"  ".repeat(indent));
            text.push_str(if is_item { "- " } else { "" });
            text.push_str(&key);
            text.push(':');
            if !value.starts_with('\n') {
                text.push(' ');
                text.push_str(&value);
            }
            text.push_str(end);
            text
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(4000), ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_alike(pieces in prop::collection::vec(piece(), 1..24)) {
        is_read_alike(&pieces.concat())?;
    }

    #[test]
    fn any_document_is_read_alike(text in document()) {
        is_read_alike(&text)?;
    }
}
