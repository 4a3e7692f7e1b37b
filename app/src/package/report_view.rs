//! The report of a package: its facts, its problems beside the text that causes them, its workflows, and the
//! configuration that it needs.

use std::sync::Arc;

use krt::diagnostic::render::printable;
use krt::outline::Outline;
use krt::package::{MemberKind, Report};
use leptos::prelude::*;

use crate::charts::WorkflowGraph;
use crate::components::diagnostic_text::words_with_code;
use crate::labels;

mod fixes;
use fixes::fixed_file;
mod problems;
use problems::problems;

/// Maximum number of members listed by name; a package may have 20,000.
const MOST_MEMBERS: usize = 500;

/// Shows a report. `file` is the name of the checked file, `note` says where it was checked, `name_problem` what is
/// wrong with the version's name in this runtime; the children hold the next actions.
#[component]
pub fn ReportView(
    #[prop(into)] file: String,
    report: Report<Outline>,
    #[prop(optional, into)] note: String,
    #[prop(optional, into)] name_problem: MaybeProp<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let manifest = report.manifest.as_ref();
    let format = manifest.map(|manifest| {
        view! { <span class="report-format">{format!("KRT {}", manifest.format.as_str())}</span> }
    });
    let members = (!report.members.is_empty()).then(|| view! { <Members report=report.clone() /> });
    let facts = facts(&report, &note);
    let label = format!("Check results for {file}");
    // A bare manifest goes by the name of its file.
    let path = report.manifest_path.clone().unwrap_or_else(|| file.clone());
    let is_fixed = RwSignal::new(false);
    let report = Arc::new(report);
    let fixed = fixed_file(&report, &path, is_fixed);
    let counts = {
        let report = report.clone();
        move || (is_fixed.get().then_some("After fixes:"), counts(shown(&report, is_fixed)))
    };
    let body = move || {
        let report = shown(&report, is_fixed);
        let manifest = report.manifest.clone();
        let description = manifest.as_ref().map(|manifest| {
            view! { <p class="report-description">{manifest.description.clone()}</p> }
        });
        let drawn = manifest.map(|manifest| view! { <Drawn manifest /> });
        (description, problems(report, &path), drawn)
    };
    view! {
        <section class="card report" aria-label=label>
            <header class="report-head">
                <svg class="report-icon" width="28" height="32" viewBox="0 0 28 32" aria-hidden="true">
                    <rect x="1" y="1" width="26" height="30" rx="5"></rect>
                    <path d="M7 20l4-8 5 6 5-8"></path>
                </svg>
                <div class="report-title">
                    <h2>{file} " " {format}</h2>
                    <p class="report-facts">{facts}</p>
                    {move || name_problem.get().map(|problem| view! { <p class="report-name-problem" role="alert">{words_with_code(&problem)}</p> })}
                </div>
                <div class="report-counts">{counts}</div>
            </header>
            {fixed}
            {body}
            {members}
            {children.map(|children| view! { <footer class="report-foot">{children()}</footer> })}
        </section>
    }
}

/// The report of the manifest as it is, or of the fixed manifest.
fn shown(report: &Report<Outline>, is_fixed: RwSignal<bool>) -> &Report<Outline> {
    report.fixed.as_deref().filter(|_| is_fixed.get()).unwrap_or(report)
}

/// `classificator-v3 · 8 files, 7 folders · 32 KiB, 91 KiB unpacked · checked in your browser in 6 ms`.
fn facts(report: &Report<Outline>, note: &str) -> String {
    let mut facts = Vec::new();
    facts.extend(report.manifest.as_ref().map(|manifest| manifest.version.clone()));
    if report.bare {
        facts.push(format!("manifest only, {}", labels::size(report.size)));
    } else if report.members.is_empty() {
        facts.push(labels::size(report.size));
    } else {
        facts.push(contents(report));
        facts.push(format!("{}, {} unpacked", labels::size(report.size), labels::size(report.unpacked)));
    }
    if !note.is_empty() {
        facts.push(note.to_owned());
    }
    facts.join(" · ")
}

/// What the package holds: `8 files, 7 folders`.
fn contents(report: &Report<Outline>) -> String {
    let count = |kind: MemberKind, word: &str| {
        let count = report.members.iter().filter(|member| member.kind == kind).count();
        (count > 0).then(|| labels::count(count, word))
    };
    let kinds = [(MemberKind::File, "file"), (MemberKind::Folder, "folder"), (MemberKind::Other, "other member")];
    kinds.into_iter().filter_map(|(kind, word)| count(kind, word)).collect::<Vec<_>>().join(", ")
}

fn counts(report: &Report<Outline>) -> impl IntoView + use<> {
    use krt::diagnostic::Severity;
    let count = |severity: Severity, class: &'static str, word: &'static str| {
        let count = report.diagnostics.iter().filter(|found| found.severity == severity).count();
        (count > 0).then(|| view! { <span class=format!("report-count {class}")>{labels::count(count, word)}</span> })
    };
    let none =
        report.diagnostics.is_empty().then(|| view! { <span class="report-count is-fine">"✓ no problems"</span> });
    view! {
        {count(Severity::Error, "is-error", "error")} {count(Severity::Warning, "is-warning", "warning")}
        {count(Severity::Hint, "is-hint", "hint")} {none}
    }
}

/// The content of the manifest: its workflows as graphs, and the configuration that it needs.
#[component]
fn Drawn(manifest: Outline) -> impl IntoView {
    let config = manifest.config;
    let names =
        |names: Vec<String>| names.into_iter().map(|name| view! { <li><code>{name}</code></li> }).collect::<Vec<_>>();
    let asks_for = (!config.variables.is_empty() || !config.files.is_empty()).then(|| {
        let what = match (config.variables.len(), config.files.len()) {
            (variables, 0) => labels::count(variables, "variable"),
            (0, files) => labels::count(files, "file"),
            (variables, files) => {
                format!("{} and {}", labels::count(variables, "variable"), labels::count(files, "file"))
            }
        };
        view! {
            <div class="report-part">
                <h3>"Configuration"</h3>
                <p class="quiet">{format!("Needs {what} before it can start:")}</p>
                <ul class="report-names">{names(config.variables)} {names(config.files)}</ul>
            </div>
        }
    });
    let workflows = manifest.workflows.into_iter().map(|workflow| {
        view! {
            <div class="report-part">
                <h3>{workflow.name.clone()}</h3>
                <p class="quiet">
                    "Handles " <code>{workflow.entrypoint.clone()}</code> {format!(" · exits at \"{}\"", workflow.exitpoint)}
                </p>
                <WorkflowGraph workflow nodes=Signal::stored(Vec::new()) />
            </div>
        }
    });
    let workflows: Vec<_> = workflows.collect();
    view! {
        {workflows}
        {asks_for}
    }
}

#[component]
fn Members(report: Report<Outline>) -> impl IntoView {
    let contents = contents(&report);
    let more = report.members.len().saturating_sub(MOST_MEMBERS);
    let members = report.members.into_iter().take(MOST_MEMBERS).map(|member| {
        let what = match member.kind {
            MemberKind::File => labels::size(member.size),
            MemberKind::Folder => "folder".to_owned(),
            MemberKind::Other => "neither file nor folder".to_owned(),
        };
        view! { <li><code>{printable(&member.path)}</code> <span class="quiet">{what}</span></li> }
    });
    let members: Vec<_> = members.collect();
    view! {
        <details class="report-part report-members">
            <summary>{contents}</summary>
            <ul>{members} {(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}</ul>
        </details>
    }
}
