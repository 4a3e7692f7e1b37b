//! Renders a diagnostic as text for terminals: message, place, source line with the place underlined, help.

use std::fmt::Write;

use super::{Diagnostic, Span};

/// Maximum width of a shown source line, in characters: fits a terminal of 100 columns beside the line number.
const WIDTH: usize = 90;

/// Renders one diagnostic. `text` is the manifest that its spans refer to, `file` its name.
///
/// ```text
/// error[exitpoint-unknown]: workflow `classificator` has no node `exitpoint` for its `exitpoint`
///   --> krt.yml:14:16
///    |
/// 14 |     exitpoint: exitpoint # name must match node's
///    |                ^^^^^^^^^
///    = help: did you mean `exitpoint-node`?
/// ```
pub fn render(diagnostic: &Diagnostic, file: &str, text: Option<&str>) -> String {
    let mut out = format!("{}[{}]: {}\n", diagnostic.severity.as_str(), diagnostic.code, diagnostic.message);
    let last = diagnostic.related.iter().map(|related| related.span).chain(diagnostic.span).map(|span| span.line).max();
    let gutter = last.unwrap_or(1).to_string().len();
    match (&diagnostic.span, &diagnostic.member) {
        (Some(span), _) => place(&mut out, "-->", *span, file, text, gutter, '^'),
        (None, Some(member)) if !member.is_empty() => {
            line(&mut out, format_args!("{:gutter$}--> {file}: {}", "", printable(member)))
        }
        (None, _) => line(&mut out, format_args!("{:gutter$}--> {file}", "")),
    }
    for related in &diagnostic.related {
        line(&mut out, format_args!("{:gutter$} = {}:", "", related.message));
        place(&mut out, ":::", related.span, file, text, gutter, '-');
    }
    if let Some(help) = &diagnostic.help {
        line(&mut out, format_args!("{:gutter$} = help: {help}", ""));
    }
    out
}

fn place(out: &mut String, arrow: &str, span: Span, file: &str, text: Option<&str>, gutter: usize, mark: char) {
    line(out, format_args!("{:gutter$}{arrow} {file}:{}:{}", "", span.line, span.column));
    let Some(excerpt) = text.and_then(|text| excerpt(text, span)) else { return };
    line(out, format_args!("{:gutter$} |", ""));
    line(out, format_args!("{:>gutter$} | {}", span.line, excerpt.line));
    let marks: String = std::iter::repeat_n(mark, excerpt.width).collect();
    line(out, format_args!("{:gutter$} | {:indent$}{marks}", "", "", indent = excerpt.indent));
}

/// A source line prepared for display, and the marked part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// At most 90 characters (longer lines are cut around the place, with `…`), control characters replaced.
    pub line: String,
    /// Characters before the place.
    pub indent: usize,
    /// Characters of the place in this line, at least 1.
    pub width: usize,
}

/// Returns the first line of a span, prepared for display; `None` when the span does not belong to this text.
pub fn excerpt(text: &str, span: Span) -> Option<Excerpt> {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text.get(..start)?;
    let inside = text.get(start..end)?;
    let head = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let rest = text.get(head..)?;
    let whole = rest.split(['\n', '\r']).next()?;
    let indent = before.get(head..)?.chars().count();
    let width = inside.split(['\n', '\r']).next()?.trim_end().chars().count().max(1);
    let length = whole.chars().count();
    // A long line is cut so that the place and some of the text before it stay visible.
    let from = if length <= WIDTH { 0 } else { indent.saturating_sub(WIDTH / 3) };
    let to = length.min(from + WIDTH);
    let mut line = String::new();
    line.extend((from > 0).then_some('…'));
    line.extend(whole.chars().skip(from).take(to - from).map(visible));
    line.extend((to < length).then_some('…'));
    let indent = indent - from + usize::from(from > 0);
    Some(Excerpt { width: width.min((WIDTH + 1).saturating_sub(indent).max(1)), line, indent })
}

/// Replaces every character that could move a terminal's cursor, as in a member's path.
pub fn printable(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Replaces one character by exactly one, so that columns stay correct.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        character if character.is_control() => '\u{fffd}',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        character => character,
    }
}

fn line(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{words}");
}
