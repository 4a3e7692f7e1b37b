//! Adding a version on the page of its runtime: a package is dropped or chosen, then checked, shown and uploaded.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::browser;
use super::upload_state::{Sending, Step, UploadState};
use crate::components::icon::{self, Icon};
use crate::labels;
use crate::loading::loaded;
use crate::paths;

mod checked;

mod upload_form;

/// The button that adds a version; in the browser also the drop zone, which covers the whole page. On the server, and
/// without JavaScript, a plain link to the upload form. `existing` holds the known names of the runtime's versions;
/// `may_create` says whether the caller may add one.
#[component]
pub fn AddVersion(
    #[prop(into)] runtime: String,
    #[prop(into)] existing: Signal<Vec<String>>,
    may_create: bool,
) -> impl IntoView {
    may_create.then(|| view! { <Zone runtime existing /> })
}

#[component]
fn Zone(runtime: String, existing: Signal<Vec<String>>) -> impl IntoView {
    let upload_state = upload_of(&runtime);
    // Dropping works only in the browser; the hint appears once the listeners are in place.
    let is_ready = RwSignal::new(false);
    Effect::new(move |_| {
        browser::accept_files(upload_state);
        is_ready.set(true);
        #[cfg(feature = "hydrate")]
        checked::prefetch();
    });
    Effect::new(move |_| {
        if let Sending::Done(version) = upload_state.sending.get() {
            let path = upload_state.runtime.with_untracked(|runtime| paths::version(runtime, &version));
            use_navigate()(&path, NavigateOptions::default());
        }
    });
    let choose = move |event: leptos::ev::MouseEvent| {
        if browser::open_chooser() {
            event.prevent_default();
        }
    };
    view! {
        <div class="add-version">
            {move || is_ready.get().then(|| view! { <span class="quiet">"Drop a .krt anywhere, or"</span> })}
            <a id="add-version" class="button primary" href=paths::new_version(&runtime) on:click=choose>
                <Icon of=icon::PLUS />
                "Add version"
            </a>
            <input
                id="chosen-package"
                type="file"
                hidden
                aria-label="KRT package"
                accept=".krt,.tgz,.gz,.yml,.yaml,application/gzip"
                on:change=move |event| browser::choose(upload_state, &event)
            />
        </div>
        {move || {
            upload_state.is_dragged_over
                .get()
                .then(|| {
                    view! {
                        <div class="drop-veil" aria-hidden="true">
                            <p>"Drop to check" <small>"Nothing is uploaded yet."</small></p>
                        </div>
                    }
                })
        }}
        // Announced to screen readers whenever it changes.
        <p class="graph-words" role="status">{move || upload_state.step.with(announcement)}</p>
        {move || match upload_state.step.get() {
            Step::Empty => ().into_any(),
            Step::Reading { file, size } => view! { <Reading upload_state file size /> }.into_any(),
            Step::Unreadable { file, why } => view! { <Unreadable upload_state file why /> }.into_any(),
            Step::Read(checked) => loaded(move || checked::checked(upload_state, checked.clone(), existing)).into_any(),
        }}
    }
}

/// The step in words, for screen readers.
fn announcement(step: &Step) -> String {
    match step {
        Step::Empty => String::new(),
        Step::Reading { file, .. } => format!("Checking {file}"),
        Step::Unreadable { file, .. } => format!("{file} cannot be read"),
        Step::Read(checked) => match (checked.report.accepted(), checked.report.bare) {
            (true, _) => format!("{} has no errors", checked.file),
            (false, true) => format!("{} was checked, but a manifest alone cannot be uploaded", checked.file),
            (false, false) => format!("{} has errors and cannot be uploaded", checked.file),
        },
    }
}

#[component]
fn Reading(upload_state: UploadState, file: String, size: u64) -> impl IntoView {
    let far = move || format!("{} of {}", labels::size(upload_state.read.get()), labels::size(size));
    view! {
        <section class="card report is-reading">
            <header class="report-head">
                <div class="report-title">
                    <h2>{format!("Checking {file}")}</h2>
                    <p class="report-facts">"in your browser; nothing is uploaded · " {far}</p>
                    <progress aria-label="Check progress" max=size.max(1).to_string() value=move || upload_state.read.get().to_string()></progress>
                </div>
                <button type="button" on:click=move |_| discard(upload_state)>"Cancel"</button>
            </header>
        </section>
    }
}

#[component]
fn Unreadable(upload_state: UploadState, file: String, why: String) -> impl IntoView {
    view! {
        <section class="card report">
            <header class="report-head">
                <div class="report-title">
                    <h2>{file}</h2>
                    <p class="report-name-problem" role="alert">{why}</p>
                </div>
                <button type="button" on:click=move |_| discard(upload_state)>"Discard"</button>
            </header>
        </section>
    }
}

/// Provides the upload state to the page, discarded when the page goes; call this outside of everything that is
/// rendered again.
pub fn provide_upload_state() -> UploadState {
    let upload_state = UploadState::new();
    provide_context(upload_state);
    on_cleanup(move || browser::discard(upload_state));
    upload_state
}

/// The page's upload for this runtime; cleared when it belonged to another runtime.
fn upload_of(runtime: &str) -> UploadState {
    let upload_state = use_context::<UploadState>().unwrap_or_else(provide_upload_state);
    if upload_state.runtime.with_untracked(|of| of != runtime) {
        clear(upload_state);
        upload_state.runtime.set(runtime.to_owned());
    }
    upload_state
}

/// Discards the current upload by its button, which goes with the report: the focus moves on.
fn discard(upload_state: UploadState) {
    clear(upload_state);
    browser::focus_add_version();
}

/// Drops the current upload and stops what is running for it.
fn clear(upload_state: UploadState) {
    browser::discard(upload_state);
    upload_state.clear();
}
