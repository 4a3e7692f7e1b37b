//! `validate --fix`: what is shown, what is written, and what is never touched.

use std::fs;

use super::{folder, run_in, stderr, stdout, wrong};

/// A manifest whose problems all have mends, and a comment that must stay.
fn mendable() -> String {
    wrong("exitpoint-unknown").replace("exitpoint: greeter-node", "exitpoint: greter # who answers")
}

#[test]
fn mends_are_shown_as_a_diff_and_written_only_when_that_is_wanted() {
    let files = folder(&[("krt.yml", &mendable())]);
    let file = files.path().join("krt.yml");
    let output = run_in(files.path(), &["validate", "--fix", "krt.yml"], b"y\n");
    let diff = stderr(&output);
    assert!(diff.contains("-    exitpoint: greter # who answers\n+    exitpoint: greeter # who answers\n"), "{diff}");
    assert!(diff.contains("nothing was written"), "{diff}");
    assert_eq!((output.status.code(), fs::read_to_string(&file).unwrap()), (Some(1), mendable()));

    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1), "{}", stdout(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), mendable().replace("greter", "greeter"));
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 1, "nothing else is left in the folder");
}

#[test]
fn the_manifest_of_a_project_is_mended_and_packages_and_pipes_are_not() {
    let files = folder(&[("project/krt.yml", &mendable())]);
    let packed = std::process::Command::new("tar")
        .args(["-czf", "../a.krt", "krt.yml"])
        .current_dir(files.path().join("project"))
        .status();
    assert!(packed.unwrap().success());
    let before = fs::read(files.path().join("a.krt")).unwrap();
    let output = run_in(files.path(), &["validate", "--fix=write", "a.krt"], b"");
    let changes = "-    exitpoint: greter # who answers\n+    exitpoint: greeter # who answers\n";
    let told = stderr(&output);
    assert!(told.contains("pack it again") && told.contains(changes), "{told}");
    assert_eq!(fs::read(files.path().join("a.krt")).unwrap(), before);
    let output = run_in(files.path(), &["validate", "--fix=write", "-"], mendable().as_bytes());
    let told = stderr(&output);
    assert!(told.contains("is not written back") && told.contains(changes), "{told}");
    assert_eq!(output.status.code(), Some(1));
    run_in(files.path(), &["validate", "--fix=write", "project"], b"");
    let after = fs::read_to_string(files.path().join("project/krt.yml")).unwrap();
    assert_eq!(after, mendable().replace("greter", "greeter"));
}

#[test]
fn a_file_that_is_not_utf8_is_not_written_over() {
    let files = folder(&[]);
    let utf16: Vec<u8> = ["\u{feff}", &mendable()].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(files.path().join("krt.yml"), &utf16).unwrap();
    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert!(stderr(&output).contains("not encoded as UTF-8"), "{}", stderr(&output));
    assert_eq!(fs::read(files.path().join("krt.yml")).unwrap(), utf16);
}
