//! The report on a checked file and the form that uploads it, whose code is loaded for the first file.

// Expands to functions that the module exports and imports by name.
#![allow(unsafe_code, improper_ctypes)]

use std::sync::Arc;

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::upload_form::UploadForm;
use crate::loading::NotLoaded;
use crate::package::report_view::ReportView;
use crate::package::upload_state::{CheckedFile, Sending, UploadState};

/// The report, with the form.
#[wasm_split(package, wasm_split_path = ::leptos::wasm_split, preload(load_checked), fallible)]
pub fn checked(
    upload_state: UploadState,
    checked: Arc<CheckedFile>,
    existing: Signal<Vec<String>>,
) -> Result<AnyView, NotLoaded> {
    Ok(view! { <Checked upload_state checked existing /> }.into_any())
}

/// Loads the code when the browser is idle, if it can be loaded.
#[cfg(feature = "hydrate")]
pub fn prefetch() {
    crate::loading::prefetch(async {
        let _ = load_checked().await;
    });
}

#[component]
fn Checked(upload_state: UploadState, checked: Arc<CheckedFile>, existing: Signal<Vec<String>>) -> impl IntoView {
    let version = checked.report.manifest.as_ref().map(|manifest| manifest.version.clone());
    let name = version.clone().unwrap_or_default();
    let is_taken =
        Memo::new(move |_| existing.with(|names| version.as_ref().is_some_and(|version| names.contains(version))));
    let name_problem = Memo::new(move |_| {
        let taken = || format!("Version \"{name}\" already exists in this runtime. Change `version:` in krt.yml.");
        upload_state.sending.with(|sending| match sending {
            Sending::Refused(error) => error.field("package").or_else(|| error.field("version")).map(str::to_owned),
            _ => is_taken.get().then(taken),
        })
    });
    let why_not = match (checked.report.accepted(), checked.report.bare) {
        (true, _) => None,
        (_, true) => Some("A manifest alone has no sources and cannot be uploaded. Pack both together as a .krt."),
        _ => Some("A package with errors cannot be uploaded. Fix the errors and drop it again."),
    };
    view! {
        <ReportView
            file=checked.file.clone()
            report=checked.report.clone()
            note=checked.note.clone()
            name_problem=Signal::derive(move || name_problem.get())
        >
            <UploadForm upload_state why_not is_taken />
        </ReportView>
    }
}
