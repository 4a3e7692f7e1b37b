//! What the check tells, as HTML: how bad it is, and what is code in its words. In reports and on the pages of the rules.

use krt::diagnostic::Severity;
use leptos::prelude::*;

/// The class and the word of a severity.
pub fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("is-error", "Error"),
        Severity::Warning => ("is-warning", "Warning"),
        Severity::Hint => ("is-hint", "Hint"),
    }
}

/// Words in which backticks set code; as they are when one of them has no other.
pub fn words_with_code(text: &str) -> Vec<AnyView> {
    if !text.matches('`').count().is_multiple_of(2) {
        return vec![text.to_owned().into_any()];
    }
    let pieces = text.split('`').enumerate().map(|(at, piece)| match at % 2 {
        0 => piece.to_owned().into_any(),
        _ => view! { <code>{piece.to_owned()}</code> }.into_any(),
    });
    pieces.collect()
}
