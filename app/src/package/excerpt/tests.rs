//! Which lines an excerpt has, and what is marked in them.

use krt::diagnostic::Span;

use super::*;

fn problem(text: &str, marked: &str, severity: Severity) -> Diagnostic {
    let start = text.find(marked).unwrap();
    at(start, start + marked.len(), severity)
}

fn at(start: usize, end: usize, severity: Severity) -> Diagnostic {
    let span = Span { start: start as u32, end: end as u32, line: 1, column: 1, end_line: 1, end_column: 1 };
    Diagnostic {
        severity,
        code: "code".into(),
        message: String::new(),
        span: Some(span),
        member: None,
        help: None,
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

/// As `12! text >marked< text`.
fn in_words(excerpts: &[Excerpt]) -> String {
    let line = |line: &Line| {
        let pieces = line.pieces.iter().map(|piece| match piece.mark {
            Some(_) => format!(">{}<", piece.text),
            None => piece.text.clone(),
        });
        let sign = if line.severity.is_some() { "!" } else { ":" };
        format!("{}{sign} {}", line.number, pieces.collect::<String>()).trim_end().to_owned()
    };
    let excerpt = |excerpt: &Excerpt| excerpt.lines.iter().map(line).collect::<Vec<_>>().join("\n");
    excerpts.iter().map(excerpt).collect::<Vec<_>>().join("\n...\n")
}

#[test]
fn the_exact_characters_are_marked_with_lines_around() {
    let text = "a: 1\nb: 2\nc: 3\nd: wrong\ne: 5\nf: 6\ng: 7\nh: 8\ni: 9\nj: bad\nk: 0\n";
    let found = [problem(text, "wrong", Severity::Error), problem(text, "bad", Severity::Warning)];
    insta::assert_snapshot!(in_words(&excerpts(text, &found)), @r"
    2: b: 2
    3: c: 3
    4! d: >wrong<
    5: e: 5
    6: f: 6
    7: g: 7
    8: h: 8
    9: i: 9
    10! j: >bad<
    11: k: 0
    ");
}

#[test]
fn far_apart_problems_get_excerpts_of_their_own() {
    let text = (1..=40).map(|line| format!("line {line}.\n")).collect::<String>();
    let found = [problem(&text, "3.", Severity::Error), problem(&text, "line 30", Severity::Hint)];
    insta::assert_snapshot!(in_words(&excerpts(&text, &found)), @r"
    1: line 1.
    2: line 2.
    3! line >3.<
    4: line 4.
    5: line 5.
    ...
    28: line 28.
    29: line 29.
    30! >line 30<.
    31: line 31.
    32: line 32.
    ");
}

#[test]
fn a_mark_over_several_lines_and_other_line_breaks() {
    let text = "a\r\nb\rc\nd";
    insta::assert_snapshot!(in_words(&excerpts(text, &[at(3, 6, Severity::Error)])), @r"
    1: a
    2! >b<
    3! >c<
    4: d
    ");
}

#[test]
fn something_missing_at_the_end_of_a_line_is_marked_behind_it() {
    let text = "src:\n";
    assert_eq!(in_words(&excerpts(text, &[at(4, 4, Severity::Error)])), "1! src:> <");
}

#[test]
fn behind_the_last_line_break_is_a_line_only_for_a_problem_there() {
    assert_eq!(in_words(&excerpts("a\n", &[at(0, 2, Severity::Error)])), "1! >a<");
    assert_eq!(in_words(&excerpts("a\n", &[at(2, 2, Severity::Error)])), "1: a\n2! > <");
}

#[test]
fn overlapping_marks_are_drawn_one_after_the_other() {
    let text = "abcdef";
    let found = [at(0, 4, Severity::Warning), at(2, 6, Severity::Error)];
    assert_eq!(in_words(&excerpts(text, &found)), "1! >abcd<>ef<");
}

#[test]
fn very_long_lines_are_cut_around_the_mark() {
    let text = format!("{}wrong{}", "x".repeat(100_000), "y".repeat(100_000));
    let shown = in_words(&excerpts(&text, &[problem(&text, "wrong", Severity::Error)]));
    assert!(shown.len() < 300 && shown.contains(">wrong<"), "{shown}");
}

#[test]
fn places_beyond_the_text_and_within_characters_do_no_harm() {
    for (start, end) in [(0, 1), (1, 1), (1, 2), (7, 9), (100, 200), (9, 3)] {
        excerpts("äöü", &[at(start, end, Severity::Error)]);
        excerpts("", &[at(start, end, Severity::Error)]);
    }
}
