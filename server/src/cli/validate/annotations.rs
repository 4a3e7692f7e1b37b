//! What was found, as annotations of GitHub's workflows (`::error file=…::…`), which show it beside the changed lines.

use krt::diagnostic::{Diagnostic, Severity};

use super::input::{Checked, Place};

pub(super) fn annotations(checked: &Checked) -> String {
    checked.report.diagnostics.iter().map(|diagnostic| annotation(diagnostic, checked)).collect()
}

fn annotation(diagnostic: &Diagnostic, checked: &Checked) -> String {
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
            // GitHub drops columns of several lines, and says so in its log.
            if span.line == span.end_line {
                place += &format!(",col={},endColumn={}", span.column, span.end_column);
            }
        }
        // Lines of a member are no lines of the package.
        (Some(span), Place::Member(path)) => message = format!("{path}:{}:{}: {message}", span.line, span.column),
        (None, _) => {}
    }
    if let Some(help) = &diagnostic.help {
        message += &format!("\nhelp: {help}");
    }
    format!("::{command} {place},title={}::{}\n", property(&diagnostic.code), data(&message))
}

/// As GitHub's own toolkit escapes it (`@actions/core`, `command.ts`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
