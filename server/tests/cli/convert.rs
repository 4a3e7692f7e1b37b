//! `convert`: to standard output and in place, and manifests that cannot be converted.

use std::fs;

use krt::check::{Options, analyze};

use super::{folder, run_in, stderr, stdout};

/// A manifest of v1 with a comment.
fn v1() -> String {
    let right = krt::rule_pages::page("sequential-unknown").unwrap().right.text;
    right.replace("version: greeter-1", "version: greeter-1 # the first")
}

#[test]
fn v1_becomes_v2_with_its_comments_and_v2_stays_as_it_is() {
    let files = folder(&[("krt.yml", &v1())]);
    let output = run_in(files.path(), &["convert", "krt.yml"], b"");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(text.contains("krtVersion: v2") && text.contains("version: greeter-1 # the first"), "{text}");
    assert!(analyze(&text, Options::default()).diagnostics.is_empty(), "{text}");
    assert_eq!(stdout(&run_in(files.path(), &["convert", "-"], text.as_bytes())), text);
    let output = run_in(files.path(), &["convert", "krt.yml", "--output", "krt.yml"], b"");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), ""));
    assert_eq!(fs::read_to_string(files.path().join("krt.yml")).unwrap(), text);
}

#[test]
fn a_manifest_that_cannot_be_converted_is_reported_with_its_place() {
    let unsafe_one = krt::rule_pages::page("convert-unsafe").unwrap().wrong.text;
    let files = folder(&[("krt.yml", unsafe_one), ("bad.yml", "version: 1\n")]);
    fs::write(files.path().join("a.krt"), b"\x1f\x8b\x08\0").unwrap();
    for (file, code, message) in [
        ("krt.yml", 1, "error[convert-unsafe]"),
        ("bad.yml", 1, "error[key-missing]"),
        ("a.krt", 2, "this is a package"),
        ("absent.yml", 2, "cannot read absent.yml"),
    ] {
        let output = run_in(files.path(), &["convert", file], b"");
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(code), ""), "{file}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}
