//! Fixes that the check offers: each as the lines it changes; all of them together as a file and as its report.

use krt::diagnostic::Fix;
use krt::diagnostic::render::printable;
use krt::fix::preview;
use krt::outline::Outline;
use krt::package::Report;
use leptos::prelude::*;

use crate::components::diagnostic_text::sentence;
use crate::labels;
use crate::package::browser;

/// Maximum number of lines shown of a fix; of a longer fix only the title is shown.
const MOST_LINES: usize = 6;

/// Whether the title of the fix already contains this help.
pub(super) fn says(fix: &Fix, help: &str) -> bool {
    let asked = help.strip_prefix("did you mean ").and_then(|help| help.strip_suffix('?'));
    fix.title.ends_with(asked.unwrap_or(help))
}

/// The title of a fix and the lines that it changes.
pub(super) fn offer(fix: &Fix, text: &str) -> impl IntoView + use<> {
    let preview = preview(text, fix);
    let lines = |text: &str, sign: char| -> String {
        text.lines().map(|line| format!("{sign} {}\n", printable(line))).collect()
    };
    let (before, after) = (lines(&preview.before, '-'), lines(&preview.after, '+'));
    let is_short = before.lines().count() + after.lines().count() <= MOST_LINES;
    let diff = is_short.then(|| view! { <pre class="report-diff"><del>{before}</del><ins>{after}</ins></pre> });
    view! { <div class="report-fix"><p>{sentence(&fix.title)}</p> {diff}</div> }
}

/// The manifest with all fixes applied: to preview, download or copy. `path` is its file name.
pub(super) fn fixed_file(
    report: &Report<Outline>,
    path: &str,
    is_shown: RwSignal<bool>,
) -> Option<impl IntoView + use<>> {
    let fixed = report.fixed.as_ref()?;
    let text = fixed.manifest_text.clone()?;
    let (of, left) = (report.diagnostics.len(), fixed.diagnostics.len());
    // Problems beyond the limit are not listed, so the number of fixed ones is unknown.
    let is_all = !report.diagnostics.iter().any(|found| found.code == "more-problems");
    let many = match of.checked_sub(left).filter(|_| is_all) {
        None => "Many problems".to_owned(),
        Some(gone) if gone < of => format!("{gone} of {}", labels::count(of, "problem")),
        Some(1) => "The problem".to_owned(),
        Some(2) => "Both problems".to_owned(),
        Some(_) => format!("All {of} problems"),
    };
    let what = format!("{many} can be fixed automatically; nothing else changes.");
    let next = (!report.bare)
        .then(|| format!("Replace {path} in your project with the fixed file, pack again and drop the package."));
    let save = format!("Download fixed {path}");
    let address = data_url(&text);
    let path = path.to_owned();
    let said = RwSignal::new("");
    Some(view! {
        <div class="report-part report-fixed">
            <p>{what} " " {next}</p>
            <div class="buttons">
                // Hidden without scripts (report.css); the download works without them.
                <button
                    type="button"
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {move || if is_shown.get() { "Show original" } else { "Preview fix" }}
                </button>
                <a class="button" download=path href=address>{save}</a>
                <button type="button" on:click=move |_| browser::copy(&text, said)>"Copy fixed manifest"</button>
                <span role="status" class="quiet">{said}</span>
            </div>
        </div>
    })
}

/// The text as a `data:` URL; everything but letters and digits is escaped.
fn data_url(text: &str) -> String {
    use std::fmt::Write;
    let mut url = "data:application/yaml;charset=utf-8,".to_owned();
    for byte in text.bytes() {
        // Writing into a String cannot fail.
        let _ = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => write!(url, "{}", char::from(byte)),
            _ => write!(url, "%{byte:02X}"),
        };
    }
    url
}
