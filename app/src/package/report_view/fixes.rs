//! Mends that the check offers: each as the lines that it changes, all of them as a file and as the report of it.

use krt::diagnostic::Fix;
use krt::diagnostic::render::printable;
use krt::fix::preview;
use krt::package::Report;
use leptos::prelude::*;

use super::problems::sentence;
use crate::labels;
use crate::package::browser;

/// Lines of a mend that are shown; a mend of more is only named.
const MOST_LINES: usize = 6;

/// Whether the words of a mend say already what this help says.
pub(super) fn says(fix: &Fix, help: &str) -> bool {
    let asked = help.strip_prefix("did you mean ").and_then(|help| help.strip_suffix('?'));
    fix.title.ends_with(asked.unwrap_or(help))
}

/// What a mend would change.
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

/// The manifest with all mends made: looked at here, saved, or copied. `path` is what it is called.
pub(super) fn fixed_file(report: &Report, path: &str, is_shown: RwSignal<bool>) -> Option<impl IntoView + use<>> {
    let fixed = report.fixed.as_ref()?;
    let text = fixed.manifest_text.clone()?;
    let (of, left) = (report.diagnostics.len(), fixed.diagnostics.len());
    // Of those that are not shown nobody knows which ones are gone.
    let is_all = !report.diagnostics.iter().any(|found| found.code == "more-problems");
    let many = match of.checked_sub(left).filter(|_| is_all) {
        Some(gone) => format!("{gone} of {}", labels::count(of, "problem")),
        None => "Many of them".to_owned(),
    };
    let what = format!("{many} can be mended, with all else left as it is.");
    let next = (!report.bare).then(|| {
        format!("The package itself stays as it is: put the mended {path} in its place, pack it again, and try that.")
    });
    let save = format!("Save the mended {path}");
    let address = data_url(&text);
    let path = path.to_owned();
    let said = RwSignal::new("");
    Some(view! {
        <div class="report-part report-fixed">
            <p>{what} " " {next}</p>
            <div class="buttons">
                // Not to be seen without a script (report.css); saving takes none.
                <button
                    type="button"
                    on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                >
                    {move || if is_shown.get() { "Show the original" } else { "Show it mended" }}
                </button>
                <a class="button" download=path href=address>{save}</a>
                <button type="button" on:click=move |_| browser::copy(&text, said)>"Copy it"</button>
                <span role="status" class="quiet">{said}</span>
            </div>
        </div>
    })
}

/// A text as an address that holds it: everything but letters and digits is escaped.
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
