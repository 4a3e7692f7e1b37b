//! The manifest as it was written, what was said of it, and what the package holds.

use krt::diagnostic::{Diagnostic, Severity};
use leptos::prelude::*;

use super::use_here;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, Table};
use crate::doors;
use crate::error::Error;
use crate::model::{ManifestText, PackageMember};
use crate::paths;
use crate::words;

/// How many members are listed: more are for the archive's own tools.
const LISTED: usize = 1_000;

#[component]
pub fn ManifestTab() -> impl IntoView {
    let here = use_here();
    let manifest = Resource::new(
        move || (here.runtime.get(), here.version.get()),
        |(runtime, version)| async move {
            let text = doors::get_manifest(runtime.clone(), version.clone()).await?;
            Ok::<_, Error>((text, doors::list_members(runtime, version).await?))
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match manifest.await {
                    Ok((manifest, members)) => {
                        view! {
                            <Text manifest />
                            <Members members />
                        }
                            .into_any()
                    }
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Text(manifest: ManifestText) -> impl IntoView {
    let here = use_here();
    let (runtime, version) = (here.runtime.get_untracked(), here.version.get_untracked());
    let ManifestText { text, diagnostics } = manifest;
    let lines = text
        .lines()
        .zip(1_u32..)
        .map(|(line, number)| {
            let class = diagnostics.iter().filter(|found| is_on(found, number)).map(|found| severity(found).0).next();
            view! { <li class=class>{format!("{line}\n")}</li> }
        })
        .collect_view();
    let found = diagnostics
        .iter()
        .map(|found| {
            let (class, word) = severity(found);
            let place = found.span.map(|span| format!("krt.yml {}:{} · ", span.line, span.column));
            view! {
                <li class=class>
                    <span class="severity">{word}</span>
                    <strong>{found.message.clone()}</strong>
                    <span class="quiet">{found.help.clone()}</span>
                    <code class="quiet">{place} {found.code.clone().into_owned()}</code>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card manifest" aria-labelledby="manifest-title">
            <header>
                <div>
                    <h2 id="manifest-title">"Manifest"</h2>
                    <p class="quiet">"As it was uploaded."</p>
                </div>
                <div class="buttons">
                    <a class="button" download href=paths::download_manifest(&runtime, &version)>
                        <Icon of=icon::DOWN />
                        "krt.yml"
                    </a>
                    <a class="button" download href=paths::download_package(&runtime, &version)>
                        <Icon of=icon::DOWN />
                        {format!("{version}.krt")}
                    </a>
                </div>
            </header>
            {(!diagnostics.is_empty()).then(|| view! { <ul class="found">{found}</ul> })}
            <ol class="source" tabindex="0" aria-label="krt.yml">
                {lines}
            </ol>
        </section>
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

#[component]
fn Members(members: Vec<PackageMember>) -> impl IntoView {
    let files = members.iter().filter(|member| !member.is_folder).count();
    let count = words::count(files, "file");
    let more = members.len().saturating_sub(LISTED);
    let rows = members
        .into_iter()
        .take(LISTED)
        .map(|member| {
            let size = if member.is_folder { "folder".to_owned() } else { words::size(member.size) };
            view! {
                <tr>
                    <td data-label="Path">
                        <code>{member.path}</code>
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
                    <p class="quiet">{count}</p>
                </div>
            </header>
            <Table label="Members of the package" columns=&["Path", "Size"]>
                {rows}
            </Table>
            {(more > 0).then(|| view! { <p class="none">{format!("And {more} more; the downloaded package has them all.")}</p> })}
        </section>
    }
}
