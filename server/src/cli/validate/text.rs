//! Diagnostics for people: every problem with its source line, then one summary line.

use krt::diagnostic::{Severity, render};

use super::fix_mode::FixMode;
use super::input::{CheckedInput, Place};

pub(super) fn text(checked: &CheckedInput) -> String {
    let CheckedInput { name, report, .. } = checked;
    if checked.unreadable().is_some() {
        return String::new();
    }
    let shown = match &checked.manifest {
        Place::File(path) => path.clone(),
        Place::Member(path) => format!("{name}:{path}"),
    };
    let mut out = String::new();
    for diagnostic in &report.diagnostics {
        let place = if diagnostic.span.is_some() { &shown } else { name };
        out += &render::render(diagnostic, place, report.manifest_text.as_deref());
        out.push('\n');
    }
    let count = |severity| report.diagnostics.iter().filter(|found| found.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")]
        .map(|(severity, word)| (count(severity), word))
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
    let counts: Vec<String> = counts.collect();
    let verdict = if checked.is_accepted() { "accepted" } else { "rejected" };
    let what = match &report.manifest {
        Some(manifest) => format!(" ({}, KRT {})", manifest.version, manifest.format.as_str()),
        None => String::new(),
    };
    let more = if checked.has_more() { " and more" } else { "" };
    let counts = if counts.is_empty() { String::new() } else { format!(": {}{more}", counts.join(", ")) };
    let fixable = report.diagnostics.iter().filter(|found| !found.fixes.is_empty()).count();
    let fixable = match &checked.manifest {
        // Fixes are proven one by one only while the report lists all problems.
        Place::File(_) if !more.is_empty() && checked.fixes == FixMode::Offered => {
            "; --fix fixes what it can".to_owned()
        }
        Place::File(_) if fixable > 0 => format!("; --fix can fix {fixable}"),
        _ => String::new(),
    };
    out += &format!("{name}{what}: {verdict}{counts}{fixable}\n");
    out
}
