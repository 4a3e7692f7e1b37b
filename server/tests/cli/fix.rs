//! `validate --fix`: what it shows, what it writes, and what it never changes.

use std::fs;

use super::{folder, good, run_in, stderr, stdout, wrong};

/// A manifest whose problems all have fixes, and a comment that must stay.
fn fixable() -> String {
    wrong("exitpoint-unknown").replace("exitpoint: greeter-node", "exitpoint: greter # who answers")
}

#[test]
fn fixes_are_shown_as_a_diff_and_written_only_when_asked_for() {
    let files = folder(&[("krt.yml", &fixable())]);
    let file = files.path().join("krt.yml");
    let output = run_in(files.path(), &["validate", "--fix", "krt.yml"], b"y\n");
    let diff = stderr(&output);
    assert!(diff.contains("-    exitpoint: greter # who answers\n+    exitpoint: greeter # who answers\n"), "{diff}");
    assert!(diff.contains("nothing was written"), "{diff}");
    assert_eq!((output.status.code(), fs::read_to_string(&file).unwrap()), (Some(1), fixable()));

    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1), "{}", stdout(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), fixable().replace("greter", "greeter"));
    assert_eq!(fs::read_dir(files.path()).unwrap().count(), 1, "nothing else is left in the folder");
}

#[test]
fn the_manifest_of_a_project_is_fixed_and_packages_and_pipes_are_not() {
    let files = folder(&[("project/krt.yml", &fixable())]);
    let packed = std::process::Command::new("tar")
        .args(["-czf", "../a.krt", "krt.yml"])
        .current_dir(files.path().join("project"))
        .status();
    assert!(packed.unwrap().success());
    let before = fs::read(files.path().join("a.krt")).unwrap();
    let output = run_in(files.path(), &["validate", "--fix=write", "a.krt"], b"");
    let changes = "-    exitpoint: greter # who answers\n+    exitpoint: greeter # who answers\n";
    let message = stderr(&output);
    assert!(message.contains("pack it again") && message.contains(changes), "{message}");
    assert_eq!(fs::read(files.path().join("a.krt")).unwrap(), before);
    let output = run_in(files.path(), &["validate", "--fix=write", "-"], fixable().as_bytes());
    let message = stderr(&output);
    assert!(message.contains("cannot be written back") && message.contains(changes), "{message}");
    assert_eq!(output.status.code(), Some(1));
    run_in(files.path(), &["validate", "--fix=write", "project"], b"");
    let after = fs::read_to_string(files.path().join("project/krt.yml")).unwrap();
    assert_eq!(after, fixable().replace("greter", "greeter"));
}

#[test]
fn problems_beyond_the_reported_ones_are_fixed_too() {
    let node = |n: usize| {
        format!(
            "      - {{name: n-{n}, image: a/b:1, src: a.py, gpu: \"true\", replicas: \"2\", subscriptions: [entrypoint]}}\n"
        )
    };
    let many = format!("{}{}", good(), (0..400).map(node).collect::<String>());
    let files = folder(&[("krt.yml", &many)]);
    let output = run_in(files.path(), &["validate", "krt.yml"], b"");
    assert!(stdout(&output).ends_with("500 errors, 1 hint and more; --fix fixes what it can\n"), "{}", stdout(&output));
    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1), "{}", stdout(&output));
    let after = fs::read_to_string(files.path().join("krt.yml")).unwrap();
    assert_eq!(after, many.replace("\"true\"", "true").replace("\"2\"", "2"));
    // Problems without a fix stay, and the message does not promise that a second run fixes them.
    fs::write(files.path().join("krt.yml"), format!("{many}{}", "      - {}\n".repeat(600))).unwrap();
    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert!(stdout(&output).ends_with("1 hint and more\n") && !stdout(&output).contains("\"true\""));
    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert!(stderr(&output).contains("nothing in krt.yml was fixed"), "{}", stderr(&output));
}

#[test]
fn a_fixed_file_keeps_its_encoding() {
    let files = folder(&[]);
    let file = files.path().join("krt.yml");
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        ["\u{feff}", text].concat().encode_utf16().flat_map(bytes).collect()
    };
    let good = fixable().replace("greter", "greeter");
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        fs::write(&file, utf16(&fixable(), bytes)).unwrap();
        let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
        assert!(stderr(&output).contains("krt.yml keeps its UTF-16 encoding"), "{}", stderr(&output));
        assert_eq!((output.status.code(), fs::read(&file).unwrap()), (Some(0), utf16(&good, bytes)));
    }
    fs::write(&file, ["\u{feff}", &fixable()].concat()).unwrap();
    let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
    assert!(!stderr(&output).contains("UTF-16"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&file).unwrap(), ["\u{feff}", &good].concat());
}

#[test]
fn bytes_that_are_not_text_stay_and_the_message_says_how_to_save_them() {
    let files = folder(&[]);
    let file = files.path().join("krt.yml");
    for bytes in [[fixable().as_bytes(), b"# \xe4"].concat(), [b"\xff\xfe", fixable().as_bytes(), b"x"].concat()] {
        fs::write(&file, &bytes).unwrap();
        let output = run_in(files.path(), &["validate", "--fix=write", "krt.yml"], b"");
        let report = stdout(&output);
        assert!(report.contains("manifest-encoding") && report.contains("save the manifest as UTF-8"), "{report}");
        assert_eq!((output.status.code(), fs::read(&file).unwrap()), (Some(1), bytes));
    }
}
