//! The manifest as uploaded, its diagnostics, and the files in the package.

use async_trait::async_trait;
use krt::diagnostic::{Diagnostic, Severity};
use leptos::prelude::*;

use super::here::{Here, place, short};
use crate::budget::{cut, html_weight};
use crate::components::Table;
use crate::components::icon::{self, Icon};
use crate::error::Error;
use crate::labels;
use crate::model::{Caller, ManifestText, MembersPage};
use crate::paths;

/// Maximum number of diagnostics shown; an accepted manifest has only warnings and hints.
const MOST_DIAGNOSTICS: usize = 50;

/// Maximum size of the text as HTML, in bytes.
const MOST: usize = 300_000;

/// Bytes of HTML that a line of the manifest takes besides its text.
const LINE: usize = 30;

/// Maximum number of characters shown of one line; longer lines are data, not meant to be read here.
const LONGEST_LINE: usize = 2_000;

/// Maximum number of characters shown of a path.
const LONGEST_PATH: usize = 250;

#[async_trait]
pub trait Manifests {
    async fn get_manifest(&self, caller: &Caller, runtime: &str, version: &str) -> Result<ManifestText, Error>;

    /// Returns a page of the package's members, starting after the first `from`.
    async fn list_members(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        from: u32,
    ) -> Result<MembersPage, Error>;
}

pub(super) fn html(manifest: ManifestText, members: MembersPage, here: &Here<'_>) -> String {
    view! {
        {text(manifest, here)}
        {package(members, here)}
    }
    .to_html()
}

fn text(manifest: ManifestText, here: &Here<'_>) -> impl IntoView + use<> {
    let ManifestText { text, diagnostics } = manifest;
    let mut left = MOST;
    let mut is_cut = false;
    let mut lines = Vec::new();
    for (line, number) in text.lines().zip(1_u32..) {
        let shown = cut(line.to_owned(), LONGEST_LINE);
        is_cut |= shown.len() != line.len();
        let Some(rest) = left.checked_sub(LINE + html_weight(&shown)) else {
            is_cut = true;
            break;
        };
        left = rest;
        let class = diagnostics.iter().filter(|found| is_on(found, number)).map(|found| severity(found).0).next();
        lines.push(view! { <li class=class>{format!("{shown}\n")}</li> });
    }
    let more = diagnostics.len().saturating_sub(MOST_DIAGNOSTICS);
    let found = diagnostics.iter().take(MOST_DIAGNOSTICS).map(diagnostic_row).collect_view();
    let (runtime, version) = (here.runtime, here.version);
    view! {
        <section class="card manifest" aria-labelledby="manifest-title">
            <header>
                <div>
                    <h2 id="manifest-title">"Manifest"</h2>
                    <p class="quiet">
                        {if is_cut { "As uploaded, cut to fit this page. Download krt.yml for the full text." } else { "As uploaded" }}
                    </p>
                </div>
                <div class="buttons">
                    <a class="button" download href=paths::download_manifest(runtime, version)>
                        <Icon of=icon::DOWN />
                        "Download krt.yml"
                    </a>
                    <a class="button" download href=paths::download_package(runtime, version)>
                        <Icon of=icon::DOWN />
                        {format!("Download {version}.krt")}
                    </a>
                </div>
            </header>
            {(!diagnostics.is_empty())
                .then(|| {
                    view! { <ul class="found">{found} {(more > 0).then(|| view! { <li>{format!("and {more} more")}</li> })}</ul> }
                })}
            <ol class="source" tabindex="0" aria-label="krt.yml">
                {lines}
            </ol>
        </section>
    }
}

fn diagnostic_row(found: &Diagnostic) -> impl IntoView + use<> {
    let (class, word) = severity(found);
    let place = found.span.map(|span| format!("krt.yml {}:{} · ", span.line, span.column));
    view! {
        <li class=class>
            <span class="severity">{word}</span>
            <strong>{short(&found.message)}</strong>
            <span class="quiet">{found.help.as_deref().map(short)}</span>
            <code class="quiet">{place} {found.code.clone().into_owned()}</code>
        </li>
    }
}

fn is_on(found: &Diagnostic, line: u32) -> bool {
    found.span.is_some_and(|span| span.line <= line && line <= span.end_line)
}

/// The class and the word of a severity.
fn severity(found: &Diagnostic) -> (&'static str, &'static str) {
    match found.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
        Severity::Hint => ("hint", "Hint"),
    }
}

fn package(page: MembersPage, here: &Here<'_>) -> impl IntoView + use<> {
    let MembersPage { members, from, total, files } = page;
    let shown = members.len();
    let all = format!(
        "{}, {}",
        labels::count(files as usize, "file"),
        labels::count(total.saturating_sub(files) as usize, "folder")
    );
    let count = [all, place(from, shown, total)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let rows = members
        .into_iter()
        .map(|member| {
            let size = if member.is_folder { "folder".to_owned() } else { labels::size(member.size) };
            view! {
                <tr>
                    <td data-label="Path">
                        <code>{cut(member.path, LONGEST_PATH)}</code>
                    </td>
                    <td data-label="Size" class="number">
                        {size}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card members" aria-labelledby="members-title">
            <header>
                <div>
                    <h2 id="members-title">"Package"</h2>
                    <p class="quiet">{count.join(" · ")}</p>
                </div>
            </header>
            <Table label="Files and folders in the package" columns=&["Path", "Size"]>
                {rows}
            </Table>
            {here.pager(from, shown, total)}
        </section>
    }
}
