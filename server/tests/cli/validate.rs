//! `validate`: inputs, formats and exit codes.

use std::fs;

use serde_json::Value;

use super::{folder, good, run_in, stderr, stdout, wrong};

const PROTO: &str = "syntax = \"proto3\";\nservice Greeter { rpc Greet (A) returns (A) {} }\nmessage A {}\n";

#[test]
fn exit_codes_distinguish_accepted_rejected_and_unreadable() {
    let files =
        folder(&[("good.yml", good()), ("bad.yml", wrong("name-form")), ("warned.yml", wrong("replicas-zero"))]);
    for (args, code) in [
        (&["good.yml"][..], 0),
        (&["warned.yml"], 0),
        (&["good.yml", "bad.yml"], 1),
        (&["bad.yml", "absent.yml"], 2),
        (&[], 2),
        (&["--format", "xml", "good.yml"], 2),
    ] {
        let output = run_in(files.path(), &[&["validate"], args].concat(), b"");
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
    }
    let help = stdout(&run_in(files.path(), &["validate", "--help"], b""));
    assert!(help.contains("1  at least one input was rejected"), "{help}");
}

#[test]
fn text_shows_the_line_at_fault_and_sums_up() {
    let files = folder(&[("bad.yml", wrong("name-form"))]);
    let output = run_in(files.path(), &["validate", "bad.yml"], b"");
    let text = stdout(&output);
    assert!(text.contains("error[name-form]") && text.contains("--> bad.yml:8:11"), "{text}");
    assert!(text.contains("8 |   - name: Greet_People\n  |           ^^^^^^^^^^^^"), "{text}");
    assert!(text.lines().last().unwrap().starts_with("bad.yml: rejected: 1 error"), "{text}");
}

#[test]
fn json_has_one_object_a_line_with_every_field_that_programs_count_on() {
    let files = folder(&[("bad.yml", wrong("name-form")), ("good.yml", good())]);
    let output = run_in(files.path(), &["validate", "--format", "json", "bad.yml", "absent.yml", "good.yml"], b"");
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["accepted"].as_bool().unwrap()).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(lines[0]["file"], "bad.yml");
    let first = lines[0]["diagnostics"][0].as_object().unwrap();
    for field in ["severity", "code", "message", "line", "column", "end_line", "end_column", "help"] {
        assert!(first.contains_key(field), "{field} is missing in {first:?}");
    }
    assert_eq!(lines[1]["diagnostics"][0]["code"], "file-unreadable");
}

#[test]
fn sarif_names_rules_places_and_members_of_packages() {
    let files = folder(&[("bad name.yml", wrong("subscription-unknown"))]);
    let package = std::process::Command::new("tar")
        .args(["-czf", "../bad.krt", "krt.yml"])
        .current_dir({
            let inside = files.path().join("inside");
            fs::create_dir(&inside).unwrap();
            fs::write(inside.join("krt.yml"), wrong("name-form")).unwrap();
            inside
        })
        .status();
    assert!(package.unwrap().success());
    let args = ["validate", "--format=sarif", "--public-url=https://krt.example.com", "bad name.yml", "bad.krt"];
    let output = run_in(files.path(), &args, b"");
    assert_eq!(output.status.code(), Some(1));
    let sarif: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "subscription-unknown");
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "subscription-unknown");
    assert_eq!(rule["helpUri"], "https://krt.example.com/rules/subscription-unknown");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "bad%20name.yml");
    assert_eq!(place["region"]["startLine"], 19);
    let member = run["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == "name-form").unwrap();
    let artifact = &member["locations"][0]["physicalLocation"]["artifactLocation"];
    let artifact = &run["artifacts"][artifact["index"].as_u64().unwrap() as usize];
    assert_eq!(artifact["location"]["uri"], "/krt.yml");
    assert_eq!(run["artifacts"][artifact["parentIndex"].as_u64().unwrap() as usize]["location"]["uri"], "bad.krt");
}

#[test]
fn github_annotations_are_one_line_each_with_what_would_end_them_escaped() {
    let files = folder(&[("a,b.yml", wrong("name-form"))]);
    let text = stdout(&run_in(files.path(), &["validate", "--format=github", "a,b.yml"], b""));
    assert!(
        text.starts_with("::error file=a%2Cb.yml,line=8,endLine=8,col=11,endColumn=23,title=name-form::"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("%0Ahelp: "), "{text}");
}

#[test]
fn github_annotations_over_several_lines_have_no_columns() {
    let files = folder(&[("a.yml", &good().replace("proto: greeter.proto", "proto: [\n    a]"))]);
    let text = stdout(&run_in(files.path(), &["validate", "--format=github", "a.yml"], b""));
    assert!(text.starts_with("::error file=a.yml,line=5,endLine=6,title=value-type::"), "{text}");
}

#[test]
fn standard_input_is_a_manifest_or_a_package_by_its_first_bytes() {
    let files = folder(&[]);
    let output = run_in(files.path(), &["validate", "-"], good().as_bytes());
    assert_eq!((output.status.code(), stdout(&output).lines().count()), (Some(0), 1), "{}", stdout(&output));
    let output = run_in(files.path(), &["validate", "-"], b"\x1f\x8b\x08");
    assert!(stdout(&output).contains("package-truncated"), "{}", stdout(&output));
}

#[test]
fn a_folder_with_a_manifest_is_checked_as_the_package_it_would_become() {
    let long = format!("src/{}/main.py", "long/".repeat(40));
    let files = folder(&[
        ("greeter/krt.yml", good()),
        ("greeter/greeter.proto", PROTO),
        ("greeter/src/greeter/main.py", ""),
        (&format!("greeter/{long}"), ""),
        ("greeter/.hidden/krt.yml", ""),
        ("deep/er/other/krt.yaml", good()),
    ]);
    let output = run_in(files.path(), &["validate", "greeter"], b"");
    assert_eq!(stdout(&output), "greeter (greeter-1, KRT v2): accepted\n");
    // A folder above them is searched for projects and packages.
    let output = run_in(files.path(), &["validate", "."], b"");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("./greeter (greeter-1, KRT v2): accepted"), "{text}");
    assert!(text.contains("error[src-missing]") && text.contains("--> ./deep/er/other/krt.yaml:14:14"), "{text}");
    let empty = folder(&[("a.txt", "")]);
    let output = run_in(empty.path(), &["validate", "."], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no krt.yml, krt.yaml or *.krt in this folder"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_link_in_a_project_is_reported_as_in_a_package() {
    let files = folder(&[("krt.yml", good()), ("greeter.proto", PROTO), ("src/greeter/main.py", "")]);
    std::os::unix::fs::symlink("main.py", files.path().join("src/greeter/link.py")).unwrap();
    let text = stdout(&run_in(files.path(), &["validate", "."], b""));
    assert!(text.contains("error[member-kind]: the member `src/greeter/link.py` is a symbolic link"), "{text}");
}
