//! Diagnostics as GitHub workflow annotations (`::error file=…::…`), which GitHub shows next to the changed lines.

use krt::diagnostic::{Diagnostic, Severity};

use super::input::{CheckedInput, Place};

pub(super) fn annotations(checked: &CheckedInput) -> String {
    checked.report.diagnostics.iter().map(|diagnostic| annotation(diagnostic, checked)).collect()
}

fn annotation(diagnostic: &Diagnostic, checked: &CheckedInput) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let mut place = format!("file={}", property(&checked.name));
    let mut message = diagnostic.message.clone();
    match (diagnostic.span, &checked.manifest) {
        (Some(span), Place::File(path)) => {
            place = format!("file={},line={},endLine={}", property(path), span.line, span.end_line);
            // GitHub ignores columns of a range over several lines and logs a warning.
            if span.line == span.end_line {
                place += &format!(",col={},endColumn={}", span.column, span.end_column);
            }
        }
        // Line numbers of a file inside the package do not apply to the package itself.
        (Some(span), Place::Member(path)) => message = format!("{path}:{}:{}: {message}", span.line, span.column),
        (None, _) => {}
    }
    if let Some(help) = &diagnostic.help {
        message += &format!("\nhelp: {help}");
    }
    format!("::{command} {place},title={}::{}\n", property(&diagnostic.code), data(&message))
}

/// Escapes as GitHub's toolkit does (`@actions/core`, `command.ts`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
