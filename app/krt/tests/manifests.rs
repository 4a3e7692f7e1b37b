//! Manifest fixtures: the models of the valid ones, and the complete diagnostics of the invalid ones.

use std::fs;
use std::path::PathBuf;

use krt::check::{Analysis, Options, analyze};
use krt::diagnostic::{accepted, render};

/// Returns name and text of every fixture of a folder, sorted by name.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/manifests").join(folder);
    let mut found: Vec<(String, String)> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// The codes of a text's diagnostics.
fn codes(text: &str) -> Vec<String> {
    let found = analyze(text, Options::default()).diagnostics;
    found.into_iter().map(|found| found.code.into_owned()).collect()
}

#[test]
fn valid_manifests_are_parsed_without_diagnostics() {
    for (name, text) in fixtures("valid") {
        let Analysis { manifest, diagnostics, .. } = analyze(&text, Options::default());
        let said: String = diagnostics.iter().map(|found| render::render(found, &name, Some(&text))).collect();
        assert_eq!(said, "", "{name}");
        insta::assert_snapshot!(format!("valid__{name}"), format!("{:#?}", manifest.unwrap()));
    }
}

#[test]
fn every_problem_of_an_invalid_manifest_is_reported_in_one_pass() {
    for (name, text) in fixtures("invalid") {
        let Analysis { manifest, diagnostics, .. } = analyze(&text, Options::default());
        assert!(manifest.is_none() && !accepted(&diagnostics), "{name}");
        let file = format!("{name}.yml");
        let said: Vec<String> = diagnostics.iter().map(|found| render::render(found, &file, Some(&text))).collect();
        insta::assert_snapshot!(format!("invalid__{name}"), said.join("\n"));
    }
}

#[test]
fn every_diagnostic_has_a_code_a_place_and_help() {
    for (name, text) in fixtures("invalid") {
        for found in analyze(&text, Options::default()).diagnostics {
            let is_kebab = found.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(is_kebab && found.code.contains('-'), "{name}: {}", found.code);
            let span = found.span.unwrap_or_else(|| panic!("{name}: {} has no place", found.code));
            assert!(text.get(span.start as usize..span.end as usize).is_some() && span.line >= 1 && span.column >= 1);
            assert!(found.help.is_some(), "{name}: {} has no help", found.code);
            assert!(!found.message.ends_with('.') && found.message.chars().count() <= 220, "{name}: {}", found.message);
        }
    }
}

#[test]
fn a_line_with_a_syntax_error_is_the_only_problem_of_an_otherwise_valid_manifest() {
    for (name, text) in fixtures("valid") {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for (number, line) in lines.iter().enumerate() {
            for (from, to) in [(": ", ":"), (": ", ": @"), (": ", ": \""), (": ", ": ["), ("  ", "\t"), ("- ", "-")] {
                let broken: String = lines[..number]
                    .iter()
                    .chain([&&*line.replacen(from, to, 1)])
                    .chain(&lines[number + 1..])
                    .copied()
                    .collect();
                let codes = codes(&broken);
                let is_unread = codes.iter().any(|code| code == "yaml-syntax");
                assert!(!is_unread || codes.len() == 1, "{name}:{}: {to:?}: {codes:?}\n{broken}", number + 1);
            }
        }
    }
}

#[test]
fn one_cause_is_one_error() {
    let (_, good) = fixtures("valid").into_iter().find(|(name, _)| name == "v2").unwrap();
    for (from, to, wanted) in [
        ("krtVersion: v2\n", "krtVersion: v2\n# \u{0}\n", "yaml-control"),
        ("krtVersion: v2\n", "krtVersion: v2\n\u{c}\n", "yaml-control"),
        ("krtVersion: v2\n", "krtVersion: v2\n<<: nothing\nother: x\n", "yaml-merge key-unknown"),
        ("description: ", "desc: ", "key-missing"),
        ("    exitpoint: ", "    exit: ", "key-missing"),
        ("    exitpoint: ", "    processes: [x]\n    exitpoint: ", "key-unknown"),
        ("proto: public_input.proto", "proto: \"public\\tinput\"", "path-control"),
        ("version: mail-sorter-2", "version: Mail Sorter, the second one", "name-form"),
        ("src: src/etl/main.py", &format!("src: src/{}.py", "x".repeat(252)), ""),
        ("src: src/etl/main.py", &format!("src: src/{}.py", "x".repeat(253)), "path-length"),
    ] {
        assert!(good.contains(from), "{from}");
        let codes = codes(&good.replacen(from, to, 1));
        assert_eq!(codes.join(" "), wanted, "{to:?}");
    }
    let codes = codes(&format!("%YAML one\n---\n{good}"));
    assert_eq!(codes.join(" "), "yaml-version");
}

#[test]
fn a_file_that_is_not_a_krt_manifest_is_one_error() {
    for (text, wanted) in [
        ("web:\n  image: nginx\n", "manifest-foreign"),
        ("replicaCount: 1\nimage:\n  repository: nginx\n", "manifest-foreign"),
        ("{\"name\": \"x\", \"version\": \"1.0.0\", \"dependencies\": {}}", "manifest-foreign"),
        ("resources:\n- a.yaml\n", "manifest-foreign"),
        ("krt:\n  version: a\n", "manifest-foreign"),
        ("version: v1.0.0\nprocesses:\n- name: p\n", "kai-manifest"),
        ("{}", "manifest-empty"),
        // One key of a KRT manifest, misspelled: the others are missing.
        ("VERSION: a\n", "key-missing key-missing key-missing key-missing key-missing"),
    ] {
        let codes = codes(text);
        assert_eq!(codes.join(" "), wanted, "{text:?}");
    }
}

#[test]
fn a_tag_sets_the_type_of_a_quoted_value() {
    let (_, good) = fixtures("valid").into_iter().find(|(name, _)| name == "v2").unwrap();
    let tagged =
        good.replacen("gpu: true", "gpu: !!bool \"true\"", 1).replacen("replicas: 2", "replicas: !!int '2'", 1);
    assert_ne!(good, tagged);
    let [good, tagged] = [&good, &tagged].map(|text| analyze(text, Options::default()));
    assert_eq!((good.manifest, good.diagnostics), (tagged.manifest, tagged.diagnostics));
}

#[test]
fn a_truncated_text_is_reported_without_consequential_errors() {
    let (_, good) = fixtures("valid").into_iter().find(|(name, _)| name == "v2").unwrap();
    for (end, _) in good.match_indices(|letter: char| !letter.is_whitespace()) {
        let codes = codes(&good[..end]);
        let is_unread = codes.iter().any(|code| code == "yaml-syntax");
        let follows = codes.iter().filter(|code| code.ends_with("-unknown")).count();
        assert!(!is_unread || follows == 0, "{codes:?}\n{}", &good[..end]);
    }
}
