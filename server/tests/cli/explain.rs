//! `explain`: every rule code has an explanation.

use super::{folder, run_in, stderr, stdout};

#[test]
fn a_code_is_explained_with_examples_and_all_are_listed() {
    let files = folder(&[]);
    let text = stdout(&run_in(files.path(), &["explain", "subscription-unknown"], b""));
    for part in ["subscription-unknown (error)\nRule: ", "Source: ", "Wrong:", "Right:", "subscriptions: [greter]"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let printed = run_in(files.path(), &["explain", "error[subscription-unknown]"], b"");
    assert_eq!(stdout(&printed), text, "as a report prints it");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let list = stdout(&run_in(files.path(), &["explain", "--list"], b""));
    for rule in krt::rules::ALL {
        assert!(list.contains(&format!("  {} ", rule.code)), "{} is not listed", rule.code);
        let output = run_in(files.path(), &["explain", rule.code], b"");
        assert!(output.status.success(), "{}: {}", rule.code, stderr(&output));
        let long = stdout(&output)
            .lines()
            .find(|line| line.chars().count() > 100 && !line.starts_with(' '))
            .map(str::to_owned);
        assert_eq!(long, None, "{}", rule.code);
    }
}

#[test]
fn an_unknown_code_suggests_similar_ones() {
    let files = folder(&[]);
    let output = run_in(files.path(), &["explain", "subscription-unknwon"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean subscription-unknown"), "{}", stderr(&output));
}
