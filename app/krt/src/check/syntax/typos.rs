//! Typos with an obvious cause in the text, though the parser reports what comes after.

use super::{is_key, slice};
use crate::check::key::Key;
use crate::check::problem::Problem;
use crate::text::{ProposedEdit, Range, line_around, quote};

/// How many lines above an error are searched for its cause.
const LINES_ABOVE: usize = 10;

/// Finds a typo that makes the parser reject the following key.
pub(super) fn before_a_key(text: &str, start: u32) -> Option<Problem> {
    tight_dash(text, start).or_else(|| no_colon(text, start))
}

/// Reports `-name: etl` in this line or the one above.
pub(super) fn tight_dash(text: &str, start: u32) -> Option<Problem> {
    let lines = [Some(line_around(text, start)), line_above(text, start)];
    let at = lines.into_iter().flatten().map(|line| content(text, line)).find(|at| {
        let words = slice(text, *at).strip_prefix('-').and_then(|rest| rest.split_once(':'));
        words.is_some_and(|(key, value)| Key::of(key).is_some() && (value.is_empty() || value.starts_with(' ')))
    })?;
    let behind = Range { start: at.start + 1, end: at.start + 1 };
    let problem = Problem::error("yaml-syntax", at, "a space is missing after this `-`").help("write `- key: value`");
    Some(problem.fix("add a space after the `-`", [ProposedEdit::Replace(behind, " ".to_owned())]))
}

/// Reports `name etl` in the line above: a key without its colon.
fn no_colon(text: &str, start: u32) -> Option<Problem> {
    let at = content(text, line_above(text, start)?);
    let line = slice(text, at);
    let entry = line.trim_start_matches(['-', ' ']);
    let key = entry.split(' ').next().filter(|key| Key::of(key).is_some())?;
    if entry.contains(": ") || entry.ends_with(':') {
        return None;
    }
    let end = at.start + (line.len() - entry.len() + key.len()) as u32;
    let problem = Problem::error("yaml-syntax", at, format!("a `:` is missing after {}", quote(key)));
    let problem = problem.help("write `key: value`, with a space after the colon");
    Some(problem.fix("add the `:`", [ProposedEdit::Replace(Range { start: end, end }, ":".to_owned())]))
}

/// Reports `'It's fine'`: the apostrophe ends the text.
pub(super) fn apostrophe(text: &str, start: u32) -> Option<Problem> {
    let line = content(text, line_around(text, start));
    let (key, value) =
        slice(text, line).split_once(": ").filter(|(key, _)| is_key(key.trim_start_matches(['-', ' '])))?;
    let value = value.trim_start();
    let inside = value.strip_prefix('\'')?.strip_suffix('\'')?;
    if key.contains(['{', '[']) || !inside.replace("''", "").contains('\'') {
        return None;
    }
    let at = Range { start: line.end - value.len() as u32, end: line.end };
    let problem = Problem::error("yaml-syntax", at, "a `'` inside this quoted text ends it too early");
    let problem = problem.help("double each literal `'` (`''`), or put the text in `\"`");
    let can_be_double = !inside.contains(['"', '\\']) && !inside.contains("''");
    Some(match can_be_double {
        true => problem.fix("put the text in `\"`", [ProposedEdit::Replace(at, format!("\"{inside}\""))]),
        false => problem,
    })
}

/// The nearest line above that is neither empty nor a comment.
fn line_above(text: &str, at: u32) -> Option<Range> {
    let mut line = line_around(text, at);
    for _ in 0..LINES_ABOVE {
        line = line_around(text, line.start.checked_sub(1)?);
        let content = slice(text, line).trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some(line);
        }
    }
    None
}

/// A line without leading and trailing whitespace.
fn content(text: &str, line: Range) -> Range {
    let content = slice(text, line);
    let start = line.start + (content.len() - content.trim_start().len()) as u32;
    Range { start, end: start + content.trim().len() as u32 }
}
