//! Diagnostics as HTML, for reports and rule pages: the severity, and messages with code.

use krt::diagnostic::Severity;
use krt::diagnostic::render::printable;
use leptos::prelude::*;

/// The CSS class and the label of a severity.
pub fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("is-error", "Error"),
        Severity::Warning => ("is-warning", "Warning"),
        Severity::Hint => ("is-hint", "Hint"),
    }
}

/// Turns text between backticks into code; returns the text unchanged when a backtick has no partner.
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

/// Turns a diagnostic's message into a sentence; text between backticks becomes code.
pub fn sentence(text: &str) -> impl IntoView + use<> {
    let mut text = printable(text);
    // A lower-case word is capitalized; a name (`krtVersion`) keeps its spelling.
    let first = text.split(' ').next().unwrap_or_default();
    if first.chars().all(|character| character.is_ascii_lowercase()) {
        let rest = text.split_off(first.len().min(1));
        text = text.to_uppercase() + &rest;
    }
    if !text.is_empty() && !text.ends_with(['.', '?', '!', ':', '…']) {
        text.push('.');
    }
    // An unpaired backtick is part of the quoted text.
    words_with_code(&text)
}
