//! Diagnostics for programs: one JSON object per file, each on one line, also for unreadable files.

use std::borrow::Cow;
use std::io::{self, Write};

use krt::diagnostic::{Diagnostic, Fix, Severity, Span};
use serde::Serialize;

use super::input::CheckedInput;

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    accepted: bool,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place,
    help: Option<&'a str>,
    /// The file of the package that has the problem, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<ProposedFix<'a>>,
}

/// Line and column from 1, columns in characters; null for a problem without a place in the manifest.
#[derive(Default, Serialize)]
struct Place {
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct ProposedFix<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Place,
    text: &'a str,
}

impl From<Span> for Place {
    fn from(span: Span) -> Place {
        let Span { line, column, end_line, end_column, .. } = span;
        Place { line: Some(line), column: Some(column), end_line: Some(end_line), end_column: Some(end_column) }
    }
}

impl<'a> JsonDiagnostic<'a> {
    fn of(diagnostic: &'a Diagnostic) -> JsonDiagnostic<'a> {
        let related = diagnostic.related.iter();
        JsonDiagnostic {
            severity: diagnostic.severity,
            code: &diagnostic.code,
            message: &diagnostic.message,
            place: diagnostic.span.map(Place::from).unwrap_or_default(),
            help: diagnostic.help.as_deref(),
            member: diagnostic.member.as_deref(),
            related: related.map(|related| Related { message: &related.message, place: related.span.into() }).collect(),
            fixes: diagnostic.fixes.iter().map(ProposedFix::of).collect(),
        }
    }
}

impl<'a> ProposedFix<'a> {
    fn of(fix: &'a Fix) -> ProposedFix<'a> {
        let edits = fix.edits.iter().map(|edit| Edit { place: edit.span.into(), text: &edit.text });
        ProposedFix { title: &fix.title, edits: edits.collect() }
    }
}

pub(super) fn write(out: &mut impl Write, checked: &CheckedInput) -> io::Result<()> {
    let diagnostics = checked.report.diagnostics.iter().map(JsonDiagnostic::of).collect();
    let line = Line { file: &checked.name, accepted: checked.is_accepted(), diagnostics };
    writeln!(out, "{}", on_one_line(&serde_json::to_string(&line)?))
}

/// Escapes the Unicode line separators at which some readers end a line.
fn on_one_line(json: &str) -> Cow<'_, str> {
    if !json.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return Cow::Borrowed(json);
    }
    let escaped = json.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn every_object_is_one_line_for_every_reader() {
        assert_eq!(on_one_line("\"a\u{2028}b\u{85}c\u{2029}\""), r#""a\u2028b\u0085c\u2029""#);
        assert_eq!(on_one_line(r#""plain""#), r#""plain""#);
    }
}
