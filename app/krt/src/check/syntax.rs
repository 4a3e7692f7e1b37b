//! Turns the errors of the YAML parser into helpful diagnostics.

pub(super) mod flow;
mod repair;
pub(super) mod spaces;
mod typos;
mod words;

use saphyr_parser::ScanError;

use super::problem::Problem;
use crate::text::{Places, ProposedEdit, Range, line_around, quote};
use words::{MISPLACED, NO_DASH, NO_KEY, UNEXPECTED, WORDS};

/// Parser messages about errors that brackets do not cause.
const OF_NO_BRACKET: &[&str] = &["unknown anchor", "recursion limit", "directive", "invalid indentation"];

/// The problem for a syntax error. The parser stops at the first one.
pub(super) fn problem(error: &ScanError, start: u32, text: &str, places: &Places<'_>) -> Problem {
    if let Some(problem) = conflict_marker(text) {
        return problem;
    }
    if let Some(problem) = spaces::problem(text, start) {
        return problem;
    }
    let line = slice(text, line_around(text, start));
    let info = error.info();
    if info.contains("tab") {
        let start = repair::first_tab(text, start);
        return tab(word_at(text, start, places), text);
    }
    let at = word_at(text, start, places);
    if info.contains("invalid indentation")
        && let Some(problem) = too_far_left(info.contains("quoted"), start, at, text)
    {
        return problem;
    }
    let is_of_no_bracket = OF_NO_BRACKET.iter().any(|said| info.contains(said));
    // A key that is too far left may also mean that a bracket above it is not closed.
    let may_be_left_open = info.contains("invalid indentation");
    if (!is_of_no_bracket || may_be_left_open)
        && let Some(fault) = flow::fault(text, start)
        && (!is_of_no_bracket || matches!(fault, flow::Fault::NotClosed { .. }))
    {
        return flow::problem(fault, text);
    }
    if info.contains("simple key expect")
        && let Some(offender) = repair::without_colon(text, start)
    {
        return Problem::error("yaml-syntax", offender, "a `:` followed by a space is missing in this line")
            .help("write `key: value`, with a space after the colon")
            .fix("add a space after the colon", repair::space_behind_colon(text, offender));
    }
    let typo = match info {
        _ if info.contains("mapping values are not allowed") => typos::before_a_key(text, start),
        _ if info.contains(NO_KEY) || info.contains(NO_DASH) => typos::tight_dash(text, start),
        _ if info.contains("quoted scalar") => typos::apostrophe(text, start),
        _ => None,
    };
    if let Some(typo) = typo {
        return typo;
    }
    if info.contains("mapping values are not allowed") && is_deeper_than_before(text, start as usize) {
        let head = start - line_head(text, start as usize) + (line.len() - line.trim_start().len()) as u32;
        return Problem::error(
            "yaml-syntax",
            places.rest_of_line(head),
            "this line is indented deeper than the line above, which already has a value",
        )
        .help("align it with its siblings")
        .fix("indent it like the line above", repair::like_above(text, head));
    }
    // A key that is too far left in a list item does not begin an item.
    let info = if info.contains(NO_DASH) && !line.trim_start().starts_with("- ") { NO_KEY } else { info };
    let known = WORDS.iter().find(|(theirs, _, _)| info.contains(theirs));
    match known {
        Some((theirs, ours, help)) => {
            let problem = Problem::error("yaml-syntax", at, *ours).help(*help);
            match *theirs {
                "mapping values are not allowed" | UNEXPECTED => {
                    problem.fix("put the text in quotes", repair::quotes(text, start))
                }
                "quoted scalar" => problem.fix("close the quotes", repair::closed_quotes(text, start)),
                MISPLACED | "byte order mark" => {
                    let width = slice(text, at).chars().next().map_or(0, char::len_utf8) as u32;
                    let sign = Range { start, end: start + width };
                    problem.fix("remove it", [ProposedEdit::Replace(sign, String::new())])
                }
                NO_KEY | NO_DASH => {
                    problem.fix("indent it like the line above", repair::like_above(text, head_of(text, start)))
                }
                _ => problem,
            }
        }
        None => Problem::error("yaml-syntax", at, format!("invalid YAML: {info}"))
            .help(format!("check the line {}", quote(line.trim()))),
    }
}

/// Reports a line of a value that is not indented deep enough: in quotes, which begin at `start`, or in brackets.
fn too_far_left(is_quoted: bool, start: u32, at: Range, text: &str) -> Option<Problem> {
    let (value, at, message) = if is_quoted {
        match flow::quoted(text, start)? {
            Ok(value) => (value, value, "the lines of this quoted text are not indented deeper than its key"),
            Err(fault) => return Some(flow::problem(fault, text)),
        }
    } else {
        let value = flow::around(text, start)?;
        (value, at, "this line inside brackets is not indented deeper than the key they belong to")
    };
    let problem = Problem::error("yaml-syntax", at, message).help("indent it deeper");
    Some(problem.fix("indent it deeper", repair::deeper(text, value)))
}

/// Reports a tab where only spaces are allowed.
pub(super) fn tab(at: Range, text: &str) -> Problem {
    let problem =
        Problem::error("yaml-syntax", at, "a tab is used where YAML requires spaces").help("indent with spaces");
    [2, 4, 8].into_iter().fold(problem, |problem, width| {
        let title = format!("replace each tab with {width} spaces");
        problem.fix(title, repair::without_tabs(text, width))
    })
}

/// Reports a value that begins with a character that is special in YAML.
pub(super) fn unexpected(at: Range, text: &str) -> Problem {
    let known = WORDS.iter().find(|(theirs, _, _)| *theirs == UNEXPECTED);
    let (_, message, help) = known.copied().unwrap_or_default();
    Problem::error("yaml-syntax", at, message).help(help).fix("put the text in quotes", repair::quotes(text, at.start))
}

/// Reports content after a value that was the whole document: a key without the space after its colon, or something
/// else.
pub(super) fn after_the_end(error: &ScanError, start: u32, text: &str, places: &Places<'_>) -> Problem {
    if let Some(problem) = conflict_marker(text) {
        return problem;
    }
    if error.info().contains("mapping values") || error.info().contains("simple key") {
        let here = places.rest_of_line(start - line_head(text, start as usize));
        let at = repair::without_colon(text, start).unwrap_or(here);
        return Problem::error("yaml-syntax", at, "a `:` followed by a space is missing in this line")
            .help("write `key: value`, with a space after the colon")
            .fix("add a space after the colon", repair::space_behind_colon(text, at));
    }
    Problem::error("yaml-documents", places.rest_of_line(start), "unexpected content after the end of the manifest")
        .help("a manifest is one YAML document: remove what follows its end")
}

/// Reports the first conflict marker of git, which explains every other problem.
fn conflict_marker(text: &str) -> Option<Problem> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|marker| line.starts_with(marker)) {
            let at = Range { start, end: start + line.trim_end().len() as u32 };
            let problem = Problem::error("yaml-conflict", at, "git left a conflict marker here");
            return Some(problem.help("resolve the conflict and remove the marker"));
        }
        start += line.len() as u32;
    }
    None
}

/// Whether a line is indented deeper than the one before it.
fn is_deeper_than_before(text: &str, at: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let head = at - line_head(text, at) as usize;
    let before = text.get(..head).unwrap_or_default().trim_end_matches(['\n', '\r']);
    let before = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    indent(slice(text, line_around(text, at as u32))) > indent(before)
}

/// Reports a `%YAML` directive other than 1.x.
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
            let message = format!("{} is not a known YAML version", quote(version.unwrap_or_default()));
            let problem = Problem::error("yaml-version", Range { start, end }, message).help("remove this line");
            problems.push(problem.fix("remove the line", [ProposedEdit::DropLine(Range { start, end })]));
        }
        start += line.len() as u32;
    }
}

/// The position of the first non-whitespace character of a line.
fn head_of(text: &str, at: u32) -> u32 {
    let line = line_around(text, at);
    let content = slice(text, line);
    line.start + (content.len() - content.trim_start().len()) as u32
}

/// The number of bytes between the start of the line and a position.
fn line_head(text: &str, at: usize) -> u32 {
    let head = text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |found| found + 1);
    (at - head) as u32
}

/// The text in a range; empty if the range is outside the text.
pub(super) fn slice(text: &str, at: Range) -> &str {
    text.get(at.start as usize..at.end as usize).unwrap_or_default()
}

/// Replaces tabs between a key's colon and its value with spaces: YAML allows these tabs and the parser does not. Every
/// character keeps its position. `None` if there are none.
pub(crate) fn without_tabs_after_colons(text: &str) -> Option<String> {
    if !text.contains(":\t") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let key = line.find(":\t").filter(|colon| is_key(&line[..*colon]));
        let spaces =
            key.map_or(0, |colon| line[colon + 1..].bytes().take_while(|byte| matches!(byte, b'\t' | b' ')).count());
        let head = key.map_or(0, |colon| colon + 1);
        out.push_str(&line[..head]);
        out.extend(std::iter::repeat_n(' ', spaces));
        out.push_str(&line[head + spaces..]);
    }
    Some(out)
}

/// Whether the text is a plain key, possibly after dashes and spaces.
fn is_key(head: &str) -> bool {
    let key = head.trim_start_matches(['-', ' ']);
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// The word at a position, or the rest of the line if no word begins there.
fn word_at(text: &str, start: u32, places: &Places<'_>) -> Range {
    let rest = text.get(start as usize..).unwrap_or_default();
    let word = rest.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
    if word.is_empty() {
        let line = places.rest_of_line(start);
        let width = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        return Range { start, end: line.end.max(start + width as u32) };
    }
    Range { start, end: start + word.len() as u32 }
}
