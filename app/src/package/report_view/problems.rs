//! Problems beside the text that causes them.

use krt::diagnostic::render::printable;
use krt::diagnostic::{Diagnostic, Severity};
use krt::outline::Outline;
use krt::package::Report;
use leptos::prelude::*;

use super::fixes::{offer, says};
use crate::components::diagnostic_text::{self, sentence};
use crate::package::excerpt::{Excerpt, Line, MOST_MARKS, excerpts};

/// Maximum number of problems listed; a hostile manifest may have thousands.
const MOST_PROBLEMS: usize = 200;

/// The manifest's lines with problems, and every problem with position, help and code. `path` is the manifest's name.
pub(super) fn problems(report: &Report<Outline>, path: &str) -> impl IntoView + use<> {
    let text = report.manifest_text.as_deref().unwrap_or_default();
    let excerpts = excerpts(text, &report.diagnostics);
    let has_source = !excerpts.is_empty();
    let is_cut = report.diagnostics.iter().filter(|found| found.span.is_some()).count() > MOST_MARKS;
    let cut = is_cut.then(|| {
        view! { <p class="report-cut">{format!("Only the lines of the first {MOST_MARKS} problems are shown.")}</p> }
    });
    let source = has_source.then(|| {
        let excerpts: Vec<_> = excerpts.into_iter().map(source).collect();
        // Focusable, so that long lines can be scrolled with the keyboard.
        view! { <div class="report-source" tabindex="0" role="group" aria-label="Lines with problems">{excerpts} {cut}</div> }
    });
    let more = report.diagnostics.len().saturating_sub(MOST_PROBLEMS);
    let problems: Vec<_> =
        report.diagnostics.iter().take(MOST_PROBLEMS).map(|found| problem(found, path, text)).collect();
    (!problems.is_empty()).then(|| {
        view! {
            <div class=if has_source { "report-problems has-source" } else { "report-problems" }>
                {source}
                <ol class="report-list">
                    {problems} {(more > 0).then(|| view! { <li class="report-problem">{format!("and {more} more problems")}</li> })}
                    <li class="report-problem"><a href=crate::paths::RULES target="_blank" rel="external">"All rules"</a></li>
                </ol>
            </div>
        }
    })
}

fn problem(found: &Diagnostic, path: &str, text: &str) -> impl IntoView + use<> {
    let place = match (found.span, &found.member) {
        (Some(span), _) => format!("{path} {}:{} · ", span.line, span.column),
        (None, Some(member)) => format!("{} · ", printable(member)),
        (None, None) => String::new(),
    };
    let related: Vec<_> = found
        .related
        .iter()
        .map(|related| {
            let place = format!(" ({path} {}:{})", related.span.line, related.span.column);
            view! { <li>{sentence(&related.message)} <code>{place}</code></li> }
        })
        .collect();
    let related = (!related.is_empty()).then(|| view! { <ul class="report-related">{related}</ul> });
    let fix = found.fixes.first();
    let help = found.help.as_deref().filter(|help| !fix.is_some_and(|fix| says(fix, help)));
    let fix = fix.map(|fix| offer(fix, text));
    let rule = crate::paths::rule(&found.code);
    let (class, word) = diagnostic_text::severity(found.severity);
    view! {
        <li class="report-problem">
            <p class=format!("report-severity {class}")>{word}</p>
            <p class="report-message">{sentence(&found.message)}</p>
            {help.map(|help| view! { <p class="report-help">{sentence(help)}</p> })}
            {fix}
            {related}
            <p class="report-place">
                <code>
                    {place} <a href=rule target="_blank" rel="external">{found.code.to_string()}</a>
                </code>
            </p>
        </li>
    }
}

fn source(excerpt: Excerpt) -> impl IntoView {
    let lines: Vec<_> = excerpt.lines.into_iter().map(line).collect();
    view! { <div class="report-excerpt">{lines}</div> }
}

fn line(line: Line) -> impl IntoView {
    let class = match line.severity {
        None => "report-line",
        Some(severity) => line_class(severity),
    };
    let pieces: Vec<_> = line
        .pieces
        .into_iter()
        .map(|piece| match piece.mark {
            None => piece.text.into_any(),
            Some(severity) => {
                view! { <mark class=diagnostic_text::severity(severity).0>{piece.text}</mark> }.into_any()
            }
        })
        .collect();
    view! {
        <div class=class>
            <span class="report-number">{line.number}</span>
            <code>{pieces}</code>
        </div>
    }
}

fn line_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "report-line is-error",
        Severity::Warning => "report-line is-warning",
        Severity::Hint => "report-line is-hint",
    }
}
