//! Fixes of broken manifests: most restore the valid manifest exactly, including comments.

use krt::check::{Options, analyze};
use krt::diagnostic::{Diagnostic, Severity, apply};

const GOOD: &str = "\
# The version.
version: a-1 # its name
krtVersion: v2
description: \"Note: small\"
entrypoint: {proto: a.proto, image: konstellation/kre-entrypoint:1.29.0}
config:
  variables: [FIRST, SECOND]
workflows:
  - name: w # the only one
    entrypoint: Run
    exitpoint: last # answers
    nodes:
      # Takes requests.
      - name: etl
        image: konstellation/kre-py:1.29.0
        src: src/etl/main.py # the source
        gpu: false
        subscriptions:
          - entrypoint # requests
      - name: last
        image: \"konstellation/kre-go:1.29.0\"
        src: bin/last
        replicas: 2 # for safety
        subscriptions: [etl] # the first
        objectStore: {name: mails, scope: workflow}
";

fn check(text: &str) -> Vec<Diagnostic> {
    analyze(text, Options::default()).diagnostics
}

/// Replaces `from` by `to` in the valid manifest, checks the result, and applies the first fix of this code.
#[track_caller]
fn fixed(from: &str, to: &str, code: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "{from}");
    let broken = GOOD.replace(from, to);
    let found = check(&broken);
    let fix = found.iter().filter(|found| found.code == code).find_map(|found| found.fixes.first());
    apply(&broken, fix.unwrap_or_else(|| panic!("{to}: {found:?}")))
}

#[test]
fn the_good_manifest_has_nothing_to_fix() {
    assert_eq!(check(GOOD), []);
}

#[test]
fn one_typo_is_fixed_and_nothing_else_changes() {
    for (from, to, code) in [
        ("krtVersion: v2\n", "", "format-missing"),
        ("krtVersion: v2", "krtversion: v2", "format-missing"),
        ("krtVersion: v2", "krtVersion:", "format-missing"),
        ("krtVersion: v2", "krtVersion: V2", "format-unknown"),
        ("krtVersion: v2", "krtVersion: v1", "format-mismatch"),
        ("version: a-1 #", "verison: a-1 #", "key-missing"),
        ("version: a-1 #", "version: A_1 #", "name-form"),
        ("\"Note: small\"", "Note: small", "yaml-syntax"),
        ("\"Note: small\"", "\"Note: small", "yaml-syntax"),
        ("SECOND]", "SECOND, FIRST]", "config-repeated"),
        ("[FIRST, ", "[FIRST, FIRST, ", "config-repeated"),
        (
            "    exitpoint: last # answers\n",
            "    exitpoint: last # answers\n    exitpoint: last\n",
            "yaml-key-duplicate",
        ),
        ("exitpoint: last #", "exitpoint: lst #", "exitpoint-unknown"),
        ("exitpoint: last #", "exitpoint:last #", "yaml-syntax"),
        ("    exitpoint: last #", "      exitpoint: last #", "yaml-syntax"),
        ("    exitpoint: last #", "   exitpoint: last #", "yaml-syntax"),
        ("    nodes:\n", "    nodes:\n      -\n", "value-empty"),
        ("a.proto, image", "a.proto image", "yaml-syntax"),
        ("a.proto, image: k", "a.proto, image:k", "key-missing"),
        ("{proto: a.proto", "{proto = a.proto", "key-missing"),
        ("[FIRST, SECOND]", "[FIRST, SECOND", "yaml-syntax"),
        ("[FIRST, SECOND]", "[FIRST, SECOND}", "yaml-syntax"),
        ("[etl]", "[etl]]", "yaml-syntax"),
        ("[etl]", "[- etl]", "yaml-syntax"),
        ("{name: mails, scope", "{name: mails scope", "yaml-syntax"),
        ("mails, scope: workflow}", "mails, scope: workflow", "yaml-syntax"),
        ("        src: bin/last\n", "        \u{feff}src: bin/last\n", "yaml-syntax"),
        ("konstellation/kre-py", "konstellation/KRE-py", "image-form"),
        ("konstellation/kre-py", "Konstellation/kre-py", "image-upper-case"),
        ("konstellation/kre-py", "https://konstellation/kre-py", "image-form"),
        ("src/etl/main.py", "./src//etl/main.py", "path-roundabout"),
        ("src/etl/main.py", "src\\etl\\main.py", "path-backslash"),
        ("gpu: false", "gpu: no", "gpu-word"),
        ("gpu: false", "gpu: \"False\"", "gpu-form"),
        ("replicas: 2 #", "replica: 2 #", "key-unknown"),
        ("replicas: 2 #", "replicas: \"2\" #", "replicas-form"),
        ("replicas: 2 #", "replicas: 2.0 #", "replicas-fraction"),
        ("[FIRST, SECOND]", "{FIRST: 1, SECOND: 2}", "value-type"),
        ("[FIRST, SECOND]", "[FIRST: 1, {name: SECOND, value: x}]", "value-type"),
        ("[FIRST, SECOND]", "[FIRST=1, SECOND]", "variable-form"),
        ("[FIRST, SECOND]", "FIRST, SECOND", "value-type"),
        ("[etl] # ", "[etl # ", "yaml-syntax"),
        ("        src: bin/last\n", "    \u{a0}   src: bin/last\n", "yaml-syntax"),
        ("src: bin/last", "src:\u{a0}bin/last", "yaml-syntax"),
        ("[etl]", "[elt]", "subscription-unknown"),
        ("[etl]", "[etl, etl]", "subscription-duplicate"),
        ("[etl]", "etl", "value-type"),
        ("- entrypoint # requests\n", "- entrypoint # requests\n          - entrypoint\n", "subscription-duplicate"),
        ("- entrypoint #", "-entrypoint #", "value-type"),
        ("- entrypoint #", "- entrypoint.x #", "subscription-entrypoint-subtopic"),
        ("scope: workflow", "scope: Workflow", "object-store-scope"),
    ] {
        assert_eq!(fixed(from, to, code), GOOD, "{to}");
    }
}

#[test]
fn fixes_that_cannot_restore_the_original_make_it_valid() {
    for (from, to, code, wanted) in [
        (
            "    exitpoint: last # answers\n",
            "",
            "key-missing",
            "    entrypoint: Run\n    exitpoint: last\n    nodes:\n",
        ),
        (
            "        src: bin/last\n",
            "        src: bin/last\n        colour: last\n",
            "key-unknown",
            "        # colour: last\n",
        ),
        ("{name: mails, scope: workflow}", "{name: mails}", "object-store-no-scope", "{scope: workflow, name: mails}"),
        ("[etl]", "[\n        etl\n        ]", "yaml-syntax", "[\n          etl\n          ]"),
        ("\"Note: small\"", "\"Note:\nsmall\"", "yaml-syntax", "\"Note:\n  small\""),
        ("\"Note: small\"", "`Note` small", "yaml-syntax", "\"`Note` small\""),
        ("src: bin/last\n", "src: 1.5\n", "value-not-text", "src: \"1.5\"\n"),
        ("replicas: 2 #", "replicas: 0 #", "replicas-zero", "replicas: 1 #"),
        (
            "        gpu: false\n",
            "        labels:\n          a: 1\n\n          b: 2\n",
            "key-unknown",
            "        # labels:\n        #   a: 1\n\n        #   b: 2\n",
        ),
        (
            "mails, scope: workflow}\n",
            "mails, scope: workflow}\n---\nmore: 1\n",
            "yaml-documents",
            "scope: workflow}\n",
        ),
        ("  variables: [FIRST, SECOND]\n", "\tvariables: [FIRST, SECOND]\n", "yaml-syntax", "  variables: [FIRST"),
    ] {
        let text = fixed(from, to, code);
        assert!(text.contains(wanted), "{text}");
        assert_eq!(check(&text), [], "{text}");
    }
}

#[test]
fn a_node_is_renamed_wherever_it_is_named() {
    let broken = GOOD.replace("name: etl", "name: 'Etl'").replace("[etl]", "[Etl.done]");
    let found = check(&broken);
    let fix = &found.iter().find(|found| found.code == "name-form").unwrap().fixes[0];
    assert_eq!(apply(&broken, fix), GOOD.replace("name: etl", "name: 'etl'").replace("[etl]", "[etl.done]"));
}

#[test]
fn an_exitpoint_inside_a_node_moves_to_its_workflow() {
    let broken = GOOD
        .replace("    exitpoint: last # answers\n", "")
        .replace("src: bin/last\n", "src: bin/last\n        exitpoint: last\n");
    let found = check(&broken);
    let fix = &found.iter().find(|found| found.code == "key-missing").unwrap().fixes[0];
    assert_eq!(apply(&broken, fix), GOOD.replace("last # answers", "last"));
}

const HALF: &str = "\
version: a-1
description: Small
entrypoint: {proto: a.proto, image: konstellation/kre-entrypoint:1.29.0}
nodes:
  - name: etl
    image: konstellation/kre-py:1.29.0
    src: src/etl/main.py
    subscriptions: [entrypoint]
workflows:
  - name: w
    entrypoint: Run
    exitpoint: etl
";

#[test]
fn a_manifest_that_is_half_v2_keeps_its_graph() {
    let found = check(HALF);
    let codes: Vec<&str> = found.iter().map(|found| found.code.as_ref()).collect();
    assert_eq!(codes, ["format-missing", "key-missing", "key-unknown"]);
    let mut fixes = found.iter().flat_map(|found| &found.fixes);
    assert_eq!(apply(HALF, fixes.next().unwrap()), HALF.replace("a-1\n", "a-1\nkrtVersion: v2\n"));
    assert_eq!(fixes.next(), None);
    let said = check(&format!("krtVersion: v1\n{HALF}"));
    assert_eq!(said.iter().filter(|found| found.code == "key-of-other-format").count(), 2);
    assert!(said.iter().all(|found| found.fixes.is_empty()), "{said:?}");
}

#[test]
fn misplaced_or_misspelled_keys_are_not_commented_out() {
    for (from, to) in [
        ("workflows:\n", "nodes: []\nworkflows:\n"),
        ("config:\n", "entrypoint2: Run\nconfig:\n"),
        ("{proto: a.proto,", "{protofile: a.proto,"),
        ("        gpu: false\n", "        env: {a: 1}\n"),
        // Indented wrongly.
        ("        src: bin/last\n", "    src: bin/last\n"),
        ("    exitpoint: last # answers\n", "exitpoint: last # answers\n"),
    ] {
        let found = check(&GOOD.replace(from, to));
        assert!(!found.is_empty(), "{to}");
        let mut titles = found.iter().flat_map(|found| &found.fixes).map(|fix| fix.title.as_str());
        assert!(titles.all(|title| title != "turn it into a comment"), "{found:?}");
    }
}

#[test]
fn a_missing_dash_is_one_error_and_is_inserted() {
    let broken = GOOD.replace("      - name: last\n", "        name: last\n");
    let found = check(&broken);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, "yaml-key-duplicate");
    assert_eq!(apply(&broken, &found[0].fixes[0]), GOOD);
}

#[test]
fn several_duplicate_keys_in_a_row_are_not_removed() {
    let again = "image: konstellation/kre-py:1.29.0\n        src: src/etl/main.py # the source\n";
    let found = check(&GOOD.replace(again, &format!("{again}        {again}")));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|found| found.code == "yaml-key-duplicate" && found.fixes.is_empty()), "{found:?}");
}

#[test]
fn a_typo_is_reported_in_its_own_line() {
    for (from, to, message) in [
        ("- name: last\n", "- name last\n", "a `:` is missing after `name`"),
        ("- name: last\n", "-name: last\n", "a space is missing after this `-`"),
        ("- name: etl\n", "-name: etl\n", "a space is missing after this `-`"),
        ("\"Note: small\"", "'It's small'", "a `'` inside this quoted text ends it too early"),
    ] {
        let broken = GOOD.replace(from, to);
        let found = check(&broken);
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert_eq!(found[0].message, message);
        let fixed = apply(&broken, &found[0].fixes[0]);
        assert_eq!(
            fixed,
            GOOD.replace("\"Note: small\"", if to.starts_with('\'') { "\"It's small\"" } else { "\"Note: small\"" })
        );
    }
}

#[test]
fn an_unclosed_bracket_is_reported_where_it_opens() {
    for (from, to) in [
        ("[etl] #", "[etl #"),
        ("[etl] # the first\n", "[\n"),
        ("[etl] # the first\n", "[\n          etl\n"),
        ("[FIRST, SECOND]\n", "[ # none\n"),
    ] {
        let broken = GOOD.replace(from, to);
        let found = check(&broken);
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert_eq!(found[0].message, "this `[` is not closed", "{to}");
        let place = found[0].span.map(|span| span.start as usize);
        assert_eq!(place, broken.find(to).map(|at| at + to.find('[').unwrap_or_default()), "{to}");
    }
}

#[test]
fn non_standard_whitespace_is_reported_in_its_place() {
    for (from, to) in [
        ("        image: \"", "    \u{a0}   image: \""),
        ("      - name: last", "      -\u{a0}name: last"),
        ("    nodes:", "  \u{3000}nodes:"),
        ("          - entrypoint #", "         \u{2003}- entrypoint #"),
        ("version: a-1", "version:\u{202f}a-1"),
        ("- entrypoint #", "-\u{a0}entrypoint #"),
        ("    nodes:", "\u{3000}\u{3000}nodes:"),
    ] {
        let broken = GOOD.replace(from, to);
        let found = check(&broken);
        assert_eq!(found.len(), 1, "{to}: {found:?}");
        assert!(found[0].message.starts_with("non-standard whitespace"), "{to}: {found:?}");
        let place = found[0].span.map(|span| span.start as usize);
        assert_eq!(place, broken.find(|letter: char| letter.is_whitespace() && !letter.is_ascii()), "{to}");
        assert_eq!(apply(&broken, &found[0].fixes[0]), GOOD, "{to}");
    }
}

#[test]
fn an_unknown_name_used_several_times_is_one_error() {
    let item = "      - {name: more, image: a/b, src: bin/more, subscriptions: [etl, etl.early]}\n";
    let good = format!("{GOOD}{item}");
    let broken = good.replace("[etl]", "[elt]").replace("[etl, etl.early]", "[elt, elt.early]");
    let found = check(&broken);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].code.as_ref(), found[0].related.len()), ("subscription-unknown", 2));
    assert_eq!(apply(&broken, &found[0].fixes[0]), good);
    let v1 = "\
version: a-1
description: x
entrypoint: {proto: a.proto, image: a/b}
nodes: [{name: prepare, image: a/b, src: one.py}]
workflows:
- {name: one, entrypoint: One, sequential: [prepare]}
- {name: two, entrypoint: Two, sequential: [prepare]}
";
    let broken = v1.replace("[prepare]", "[preprae]");
    let found = check(&broken);
    let errors: Vec<_> = found.iter().filter(|found| found.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{found:?}");
    assert_eq!((errors[0].code.as_ref(), errors[0].related.len()), ("sequential-unknown", 1));
    assert_eq!(apply(&broken, &errors[0].fixes[0]), v1);
}

#[test]
fn two_names_in_one_item_become_two_items() {
    let two = GOOD.replace("[etl] # the first", "[entrypoint etl] # the first");
    let found = check(&two);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(apply(&two, &found[0].fixes[0]), two.replace("[entrypoint etl]", "[entrypoint, etl]"));
    let v1 = "\
version: a-1
description: x
entrypoint: {proto: a.proto, image: a/b}
nodes:
- {name: one, image: a/b, src: one.py}
- {name: two, image: a/b, src: two.py}
workflows:
- name: w
  entrypoint: Run
  sequential:
  - one two # in this order
";
    let found = check(v1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, "sequential-unknown");
    let fixed = apply(v1, &found[0].fixes[0]);
    assert_eq!(fixed, v1.replace("  - one two # in", "  - one\n  - two # in"));
    assert_eq!(check(&fixed), []);
}

#[test]
fn two_kubernetes_manifests_in_one_file_are_one_foreign_manifest() {
    let one = "apiVersion: v1\nkind: Secret\n";
    let found = check(&format!("{one}---\n{one}"));
    let codes: Vec<&str> = found.iter().map(|found| found.code.as_ref()).collect();
    assert_eq!(codes, ["manifest-foreign"]);
}
