//! The YAML parser's complaints in words that help.

use saphyr_parser::ScanError;

use super::places::{Places, Range};
use super::problem::Problem;
use super::words::quote;

/// What the parser says, what we say, and what to do next; the first whose words occur counts.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "unknown anchor",
        "this alias refers to an anchor that does not exist",
        "define the anchor (`&name`) above the alias (`*name`)",
    ),
    ("tab", "a tab is used where YAML wants spaces", "indent with spaces"),
    ("recursion limit", "brackets are nested too deep here", "a manifest needs seven levels"),
    (
        "simple key expect",
        "a `:` is missing after this key, or the indentation is wrong",
        "write `key: value`, with a space after the colon",
    ),
    (
        "mapping values are not allowed",
        "a `:` is not allowed here",
        "put text that contains `: ` in quotes, and check the indentation of the line",
    ),
    ("mapping keys are not allowed", "a key is not allowed here", "check the indentation of the line"),
    (
        "did not find expected key",
        "the indentation of this line does not fit the lines above it",
        "let it begin in the same column as its siblings",
    ),
    (
        "expected '-' indicator",
        "the indentation of this line does not fit the list above it",
        "let its `-` begin in the same column as the others",
    ),
    (
        "block sequence entries are not allowed",
        "a list may not begin here",
        "begin the list on a line of its own, below its key",
    ),
    ("',' or '}'", "a `,` or `}` is missing", "close the `{`"),
    ("',' or ']'", "a `,` or `]` is missing", "close the `[`"),
    ("unexpected character", "this character cannot begin a value", "put the value in quotes"),
    (
        "expected node content",
        "a value is missing here",
        "write the value, or quote it if it begins with a special character",
    ),
    (
        "quoted scalar",
        "this quoted text is not right",
        "close the quotes, and double the backslashes that are meant as such",
    ),
    ("indentation", "the indentation of this line is not right", "let it begin in the same column as its siblings"),
    ("directive", "this `%` line is not right", "remove it; `%YAML 1.2` is what a manifest is read as anyway"),
    ("tag", "this tag is not right", "remove the `!`, or put the value in quotes"),
    ("anchor", "this anchor is not right", "write it as `&name`, with letters and digits"),
    ("block scalar", "this block of text is not right", "indent its lines deeper than its key"),
    ("unexpected end", "the text ends in the middle of a value", "complete the value"),
    ("stream", "the text ends in the middle of a value", "complete the value"),
];

/// A syntax error: YAML cannot be read on after it, so it is the only one.
pub(super) fn problem(error: &ScanError, start: u32, text: &str, places: &Places<'_>) -> Problem {
    let line = line_around(text, start as usize);
    let at = one_character(text, start, places);
    if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
        return Problem::error("yaml-syntax", at, "this is a conflict marker that git left behind")
            .help("resolve the conflict and remove the marker");
    }
    let info = error.info();
    let known = WORDS.iter().find(|(theirs, _, _)| info.contains(theirs));
    match known {
        Some((_, ours, help)) => Problem::error("yaml-syntax", at, *ours).help(*help),
        None => Problem::error("yaml-syntax", at, format!("this is no valid YAML: {info}"))
            .help(format!("check the line {}", quote(line.trim()))),
    }
}

/// `%YAML` above 1.x: written for a YAML that does not exist yet.
pub(super) fn directives(text: &str, problems: &mut super::problem::Problems) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches('\u{feff}').trim_end();
        if !(content.is_empty() || content.starts_with(['#', '%'])) {
            return;
        }
        let version = content.strip_prefix("%YAML").map(str::trim);
        if version.is_some_and(|version| !version.starts_with("1.")) {
            let end = start + line.trim_end().len() as u32;
            let message = format!("{} is a version of YAML that is not known", quote(version.unwrap_or_default()));
            problems.push(Problem::error("yaml-version", Range { start, end }, message).help("remove this line"));
        }
        start += line.len() as u32;
    }
}

fn line_around(text: &str, at: usize) -> &str {
    let head = text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |found| found + 1);
    text.get(head..).and_then(|rest| rest.split(['\n', '\r']).next()).unwrap_or_default()
}

/// The word at a place, or the last character when the text ends there.
fn one_character(text: &str, start: u32, places: &Places<'_>) -> Range {
    let rest = text.get(start as usize..).unwrap_or_default();
    let word = rest.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
    if word.is_empty() {
        let line = places.rest_of_line(start);
        let width = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        return Range { start, end: line.end.max(start + width as u32) };
    }
    Range { start, end: start + word.len() as u32 }
}
