//! Properties of every input: no panic, places inside the text, the same result for any split of the bytes.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use krt::check::{Analysis, Options, analyze};
use krt::convert::to_v2;
use krt::diagnostic::{Diagnostic, accepted, apply, render};
use krt::manifest::{Contents, Format, Manifest};
use krt::package::{Report, check_bare_with_fixes};
use proptest::prelude::*;
use support::{MANIFEST, good, package, read};

/// Checks that every place is inside the text and on character boundaries, and that everything can be rendered.
fn sound(text: &str, diagnostics: &[Diagnostic]) -> Result<(), TestCaseError> {
    for found in diagnostics {
        let spans = found.related.iter().map(|related| related.span).chain(found.span);
        for span in spans {
            let (start, end) = (span.start as usize, span.end as usize);
            prop_assert!(text.get(start..end).is_some(), "{found:?}");
            prop_assert!(
                span.line >= 1 && span.column >= 1 && (span.line, span.column) <= (span.end_line, span.end_column)
            );
        }
        let shown = render::render(found, "krt.yml", Some(text));
        prop_assert!(shown.chars().all(|letter| letter == '\n' || !letter.is_control()), "{shown:?}");
    }
    Ok(())
}

/// Counts the diagnostics of each code.
fn counts(found: &[Diagnostic]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for diagnostic in found {
        *counts.entry(diagnostic.code.to_string()).or_default() += 1;
    }
    counts
}

/// Checks that each offered fix removes its diagnostic and adds none. Returns the number of fixes.
fn fixed(text: &str, found: &[Diagnostic]) -> Result<usize, TestCaseError> {
    let before = counts(found);
    let fixes = || found.iter().flat_map(|diagnostic| diagnostic.fixes.iter().map(move |fix| (diagnostic, fix)));
    for (diagnostic, fix) in fixes() {
        let mut last = 0;
        for edit in &fix.edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            prop_assert!(text.get(start..end).is_some() && start >= last && !fix.title.is_empty(), "{fix:?}");
            last = end;
        }
        let after = counts(&analyze(&apply(text, fix), Options::default()).diagnostics);
        let code = diagnostic.code.as_ref();
        prop_assert!(after.get(code) < before.get(code), "{diagnostic:?}");
        let adds_none = after.iter().all(|(code, count)| before.get(code).is_some_and(|before| count <= before));
        prop_assert!(adds_none, "{before:?} {after:?} {diagnostic:?}");
    }
    let Report { fixed, diagnostics, .. } = check_bare_with_fixes(text.as_bytes());
    prop_assert!(fixed.is_some() || diagnostics.iter().all(|found| found.fixes.is_empty()), "{diagnostics:?}");
    if let Some(fixed) = fixed {
        let (before, after) = (counts(&diagnostics), counts(&fixed.diagnostics));
        prop_assert_eq!(
            &fixed.diagnostics,
            &analyze(fixed.manifest_text.as_deref().unwrap_or_default(), Options::default()).diagnostics
        );
        prop_assert!(fixed.diagnostics.len() < diagnostics.len());
        prop_assert!(after.iter().all(|(code, count)| before.get(code).is_some_and(|before| count <= before)));
    }
    Ok(fixes().count())
}

/// Text made of fragments of YAML and manifests, which gets further than random characters.
fn yaml_like() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "etl",
        "entrypoint",
        ": ",
        ":",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "&a ",
        "*a",
        "<<: ",
        "!t ",
        "| ",
        "> ",
        "\"",
        "'",
        "#",
        " #",
        "---\n",
        "...\n",
        "? ",
        "~",
        "\t",
        "\r\n",
        "\r",
        "%YAML 1.2\n",
        "version: ",
        "krtVersion: v2",
        "workflows:",
        "nodes:",
        "name: ",
        "subscriptions: ",
        "é",
        "🚀",
        "\u{feff}",
        "\u{2028}",
        "\\x",
        "010",
        "true",
        "null",
    ]);
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

/// Valid manifests of both formats and all styles.
const RIGHT: &[&str] = &[
    MANIFEST,
    include_str!("manifests/valid/v1.yml"),
    include_str!("manifests/valid/v2.yml"),
    include_str!("manifests/valid/templates.yml"),
    include_str!("manifests/valid/commented.yml"),
];

/// A valid manifest with some ranges replaced.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..40usize, yaml_like());
    (prop::sample::select(RIGHT), prop::collection::vec(change, 1..3)).prop_map(|(right, changes)| {
        let mut text = right.to_owned();
        for (start, length, put) in changes {
            let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
            let start = boundary(start.index(text.len().max(1)));
            let end = boundary((start + length).min(text.len()));
            text.replace_range(start..end, &put);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(1000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_checked_without_panic_and_with_valid_places(text in prop_oneof![".*", yaml_like(), mutated()]) {
        let Analysis { manifest, diagnostics, .. } = analyze(&text, Options::default());
        sound(&text, &diagnostics)?;
        fixed(&text, &diagnostics)?;
        prop_assert_eq!(manifest.is_some(), accepted(&diagnostics), "{:?}", diagnostics);
    }

    #[test]
    fn a_conversion_keeps_the_meaning_or_is_refused_with_a_reason(text in mutated()) {
        match to_v2(&text) {
            Ok(converted) => {
                let as_v2 = |manifest: Manifest| Contents { format: Format::V2, ..manifest.into_contents() };
                let before = analyze(&text, Options::MANIFEST).manifest.map(as_v2);
                prop_assert!(before.is_some());
                let after = analyze(&converted, Options::MANIFEST).manifest;
                prop_assert_eq!(after.map(Manifest::into_contents), before);
            }
            Err(why) => {
                prop_assert!(!accepted(&why));
                sound(&text, &why)?;
            }
        }
    }

    #[test]
    fn any_bytes_are_checked_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let checked = analyze(bytes, Options::default());
        sound(checked.text.as_deref().unwrap_or_default(), &checked.diagnostics)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_as_a_package_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), piece in 1..700usize) {
        prop_assert!(!read(&bytes, piece).accepted());
    }

    #[test]
    fn a_damaged_package_never_panics_and_never_depends_on_its_pieces(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
        piece in 1..700usize,
    ) {
        let mut bytes = package(&good());
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        prop_assert_eq!(read(&bytes, piece), read(&bytes, bytes.len()));
    }

    #[test]
    fn a_damaged_archive_never_panics_and_never_depends_on_its_pieces(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        piece in 1..700usize,
    ) {
        let mut archive = support::tar(&good());
        for (at, byte) in damage {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        let bytes = support::gzip(&archive);
        prop_assert_eq!(read(&bytes, piece), read(&bytes, bytes.len()));
    }
}

/// Returns the manifest fixtures, and the shared cases next to the project when present.
fn manifests() -> Vec<(String, String)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let beside = support::shared("fixes of the shared cases").map(|shared| shared.join("cases"));
    let folders = [own.join("valid"), own.join("invalid")].into_iter().chain(beside);
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    files.filter_map(|path| Some((path.display().to_string(), fs::read_to_string(path).ok()?))).collect()
}

#[test]
fn every_fix_of_the_fixtures_and_cases_removes_its_problem_and_adds_none() {
    let mut count = 0;
    for (name, text) in manifests() {
        // The largest cases are of one kind, and slow without optimization.
        if text.len() > 64 * 1024 {
            continue;
        }
        let found = analyze(&text, Options::default()).diagnostics;
        sound(&text, &found).unwrap_or_else(|error| panic!("{name}: {error}"));
        count += fixed(&text, &found).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(count > 30, "{count} fixes");
}
