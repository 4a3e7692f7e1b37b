//! The report of a package that the server refused, shown by code that is loaded for the first report.

// Expands to functions that the module exports and imports by name.
#![allow(unsafe_code, improper_ctypes)]

use krt::outline::Outline;
use krt::package::Report;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::report_view::ReportView;
use crate::forms::FormOutcome;
use crate::loading::NotLoaded;
use crate::resource::shared;

/// The report of the refused package that the server rendered this page with, as JSON.
pub fn refused_report() -> Option<String> {
    shared(|| {
        let report = use_context::<FormOutcome>()?.report?;
        serde_json::to_string(&report).ok()
    })
}

/// The report of a refused package. `json` is one of [`refused_report`], `file` the name of the package.
#[wasm_split(package, wasm_split_path = ::leptos::wasm_split, preload(load_reports), fallible)]
pub fn refused_package(file: String, json: String) -> Result<AnyView, NotLoaded> {
    let report = serde_json::from_slice::<Report<Outline>>(json.as_bytes()).ok();
    Ok(report.map(|report| view! { <ReportView file report /> }).into_any())
}
