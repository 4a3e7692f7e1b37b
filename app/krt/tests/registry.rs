//! Compares the list of rules with the codes in the sources.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use krt::check::{Options, analyze};
use krt::rules::{ALL, Area};

/// Words with dashes in the sources that are not codes.
const OTHER_WORDS: &[&str] = &["active-entrypoint", "version-name"];

/// Collects every string literal of the crate's sources that looks like a code, without the list itself and tests.
fn words(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            words(&path, found);
            continue;
        }
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if !is_source || path.ends_with("rules/list.rs") || path.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let is_code = |word: &&str| {
            word.contains('-')
                && word.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
        };
        found.extend(code.split('"').filter(is_code).map(str::to_owned));
    }
}

#[test]
fn every_code_in_the_sources_is_listed_and_every_listed_code_is_used() {
    let mut used = BTreeSet::new();
    words(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
    let areas: BTreeSet<&str> = ALL.iter().map(|rule| rule.code.split('-').next().unwrap()).collect();
    used.retain(|word| areas.contains(word.split('-').next().unwrap()) && !OTHER_WORDS.contains(&word.as_str()));
    let listed: BTreeSet<String> = ALL.iter().map(|rule| rule.code.to_owned()).collect();
    let unlisted: Vec<_> = used.difference(&listed).collect();
    let unused: Vec<_> = listed.difference(&used).collect();
    assert!(unlisted.is_empty() && unused.is_empty(), "not listed: {unlisted:?}; not used: {unused:?}");
}

#[test]
fn every_diagnostic_has_the_severity_of_its_rule() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests/invalid");
    let beside = support::shared("severities of the shared cases").map(|shared| shared.join("cases"));
    for path in [own]
        .into_iter()
        .chain(beside)
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
    {
        // Large files are slow without optimization, and of the same kinds.
        let bytes = fs::read(&path).unwrap();
        for found in analyze(&bytes[..bytes.len().min(20_000)], Options::default()).diagnostics {
            let rule = krt::rules::find(&found.code).unwrap_or_else(|| panic!("{found:?}"));
            assert_eq!(found.severity, rule.severity, "{}: {found:?}", path.display());
        }
    }
}

#[test]
fn the_list_is_sorted_by_area_with_unique_codes_and_titles() {
    let codes: BTreeSet<&str> = ALL.iter().map(|rule| rule.code).collect();
    assert_eq!(codes.len(), ALL.len());
    assert!(ALL.is_sorted_by_key(|rule| rule.area) && Area::ALL.is_sorted());
    for rule in ALL {
        assert!(rule.title.len() > 10 && !rule.title.ends_with('.'), "{}", rule.code);
        assert_eq!(krt::rules::find(rule.code), Some(rule));
    }
    assert!(krt::rules::find("no-such-code").is_none());
}
