//! Reading the report of the worker, by code that is loaded for the first report.

// Expands to functions that the module exports and imports by name.
#![allow(unsafe_code, improper_ctypes)]

use krt::outline::Outline;
use krt::package::Report;
use leptos::wasm_split::wasm_split;

use crate::loading::NotLoaded;

/// Builds the report from the worker's message: the report as JSON without the manifest's text, and that text. `None` when
/// the JSON is not a report.
#[wasm_split(package, wasm_split_path = ::leptos::wasm_split, fallible)]
pub fn report_of(json: Vec<u8>, text: Option<Vec<u8>>) -> Result<Option<Report<Outline>>, NotLoaded> {
    let report: Option<Report<Outline>> = serde_json::from_slice(&json).ok();
    let manifest_text = text.and_then(|text| String::from_utf8(text).ok());
    Ok(report.map(|report| Report { manifest_text, ..report }))
}
