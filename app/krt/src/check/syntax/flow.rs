//! Finds errors in lists and maps in brackets: the parser stops somewhere after the cause, so they are read once more
//! here, token by token, up to the first one that must be wrong.

mod lexer;
mod search;

use super::slice;
use crate::check::problem::Problem;
use crate::text::{ProposedEdit, Range, line_around};

/// The first error in a pair of brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Fault {
    /// A comma is missing between the end of one entry and the next.
    Comma { end: u32, next: Range },
    /// A colon is missing after a quoted key.
    Colon { key: Range },
    /// A bracket is closed by the other kind.
    WrongClose { open: u32, close: u32 },
    /// A bracket is not closed; `end` is the end of its last content.
    NotClosed { open: u32, end: u32 },
    /// Quotes are not closed.
    Quote { open: u32 },
    /// An item begins with a dash, as in block style.
    Dash { at: u32 },
}

/// The error in the brackets around a position, or in unclosed brackets before it.
pub(in crate::check) fn fault(text: &str, at: u32) -> Option<Fault> {
    if let Some(search::SearchResult::Fault(fault)) = search::search(text, at) { Some(fault) } else { None }
}

/// The brackets around a position, if their only error is that lines inside are too far left.
pub(super) fn around(text: &str, at: u32) -> Option<Range> {
    if let Some(search::SearchResult::Inside(inside)) = search::search(text, at) { Some(inside) } else { None }
}

/// The quoted text that begins at a position; a fault if it is probably not closed because its next line is a key.
pub(super) fn quoted(text: &str, at: u32) -> Option<Result<Range, Fault>> {
    let rest = text.get(at as usize..)?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let end = lexer::quoted_end(rest, mark)?;
    let is_open = rest[..end].lines().nth(1).is_some_and(|line| lexer::is_of_a_block(line.trim()));
    Some(if is_open { Err(Fault::Quote { open: at }) } else { Ok(Range { start: at, end: at + end as u32 }) })
}

/// The problem for a fault.
pub(super) fn problem(fault: Fault, text: &str) -> Problem {
    let error = |at: Range, message: String| Problem::error("yaml-syntax", at, message);
    let insert = |at: u32, sign: String| [ProposedEdit::Replace(Range { start: at, end: at }, sign)];
    match fault {
        Fault::Comma { end, next } => error(next, "a `,` is missing before this".to_owned())
            .help("inside brackets, separate entries with `,`")
            .fix("add a `,` between them", insert(end, ",".to_owned())),
        Fault::Colon { key } => error(key, "a `:` is missing after this key".to_owned())
            .help("write `key: value`")
            .fix("add a `:` after the key", insert(key.end, ":".to_owned())),
        Fault::WrongClose { open, close } => {
            let (bracket, wrong) = (slice(text, one(open)), slice(text, one(close)));
            error(one(close), format!("this `{wrong}` does not match the opening `{bracket}`"))
                .help(format!("close it with `{}`, or first close what was opened after it", closing(text, open)))
                .related("opened here", one(open))
                .fix(
                    format!("write `{}`", closing(text, open)),
                    [ProposedEdit::Replace(one(close), closing(text, open))],
                )
        }
        Fault::NotClosed { open, end } => {
            let sign = closing(text, open);
            let problem = error(one(open), format!("this `{}` is not closed", slice(text, one(open))))
                .help(format!("close it with `{sign}` before the next key"));
            let title = format!("close it with `{sign}`");
            let on_its_line = end_of_content(text, open);
            let problem = problem.fix(title.clone(), insert(on_its_line, sign.clone()));
            if end == on_its_line { problem } else { problem.fix(title, insert(end, sign)) }
        }
        Fault::Quote { open } => {
            let end = line_around(text, open).end;
            let line = slice(text, Range { start: open, end });
            let inside = line.trim_end().trim_end_matches([',', ']', '}', ' ']);
            let mark = slice(text, one(open)).to_owned();
            error(Range { start: open, end }, "this quoted text is not closed".to_owned())
                .help("close the quotes on this line")
                .fix("close the quotes", insert(open + inside.len() as u32, mark.clone()))
                .fix("close the quotes at the end of the line", insert(open + line.trim_end().len() as u32, mark))
        }
        Fault::Dash { at } => error(one(at), "inside brackets, items do not begin with `-`".to_owned())
            .help("write `[a, b]`, or each item on its own line without brackets")
            .fix("remove the `-`", [ProposedEdit::Replace(Range { start: at, end: at + 2 }, String::new())]),
    }
}

/// The text with the fault fixed in place, so that the rest can be read; every byte keeps its position.
pub(in crate::check) fn patched(text: &str, fault: Fault) -> Option<String> {
    let (at, sign) = match fault {
        Fault::Comma { end, .. } => (end, ",".to_owned()),
        Fault::Colon { key } => (key.end, ":".to_owned()),
        Fault::Dash { at } => (at, " ".to_owned()),
        Fault::WrongClose { .. } | Fault::NotClosed { .. } | Fault::Quote { .. } => return None,
    };
    let old = slice(text, one(at));
    // Only a dash or whitespace may be replaced.
    (old == "-" || matches!(old, " " | "\t" | "\n" | "\r"))
        .then(|| format!("{}{sign}{}", &text[..at as usize], &text[at as usize + 1..]))
}

fn one(at: u32) -> Range {
    Range { start: at, end: at + 1 }
}

/// The bracket that closes another.
fn closing(text: &str, open: u32) -> String {
    if slice(text, one(open)) == "[" { "]" } else { "}" }.to_owned()
}

/// The end of the line's content after a position, before a comment and whitespace.
fn end_of_content(text: &str, at: u32) -> u32 {
    let rest = slice(text, Range { start: at, end: line_around(text, at).end });
    at + rest.find(" #").map_or(rest, |comment| &rest[..comment]).trim_end().len() as u32
}
