//! Mends that the check offers: each as the lines that it changes, all of them as a file.

use krt::diagnostic::Fix;
use krt::diagnostic::render::printable;
use krt::mend::{Mended, preview};
use leptos::prelude::*;

use super::problems::sentence;
use crate::words;

/// Lines of a mend that are shown; a mend of more is only named.
const MOST_LINES: usize = 6;

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

/// The manifest with all mends made, to be saved in place of the one that was checked.
#[component]
pub(super) fn MendedFile(path: String, mended: Mended) -> impl IntoView {
    let what = words::count(mended.count as usize, "problem");
    view! {
        <p class="report-part report-mended">
            <a class="button" download=path.clone() href=data_url(&mended.text)>{format!("Save the mended {path}")}</a>
            <span class="quiet">{format!("with {what} gone and all else as it was")}</span>
        </p>
    }
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
