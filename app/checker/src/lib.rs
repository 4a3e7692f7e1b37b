//! Runs in a Web Worker: streams a file through the package reader, in constant memory. A separate WASM module, so that
//! pages load it only when a package is dropped, and so that it is built for speed while the pages are built for size.

use js_sys::{Function, Uint8Array};
use krt::check::MAX_TEXT;
use krt::package::{Reader, Report, bare_too_large, check_bare_with_fixes, is_bare};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

mod pieces;
use pieces::Pieces;

/// Bytes between two progress reports: frequent enough for a smooth bar, rare enough to cost nothing.
const STEP: u64 = 1024 * 1024;

/// The result of the check, for the page.
#[wasm_bindgen]
pub struct CheckResult(Report);

#[wasm_bindgen]
impl CheckResult {
    /// Takes the text of the manifest; `undefined` when the package has none or the text was taken already. Separate
    /// from the report: in JSON, the text would be escaped and parsed needlessly.
    pub fn text(&mut self) -> Option<Uint8Array> {
        self.0.manifest_text.take().map(|text| Uint8Array::from(text.as_bytes()))
    }

    /// Returns the report as JSON.
    ///
    /// # Errors
    /// Fails when the report cannot be serialized; no such report is known.
    pub fn report(&self) -> Result<Uint8Array, JsValue> {
        let mut json = Vec::with_capacity(self.0.size.min(MAX_TEXT as u64) as usize);
        serde_json::to_writer(&mut json, &self.0).map_err(|error| JsValue::from_str(&error.to_string()))?;
        Ok(Uint8Array::from(json.as_slice()))
    }
}

/// Checks a file; called by `worker.js`. Calls `progress` with the number of bytes read so far.
///
/// # Errors
/// Fails with the error of the browser when it cannot read the file.
#[wasm_bindgen]
pub async fn check_package(file: File, progress: Function) -> Result<CheckResult, JsValue> {
    let report =
        if is_bare(&file.name()) { check_manifest(&file).await? } else { check_archive(&file, &progress).await? };
    Ok(CheckResult(report))
}

async fn check_manifest(file: &File) -> Result<Report, JsValue> {
    // Exact: a file has fewer than 2^53 bytes.
    let size = file.size() as u64;
    if size > MAX_TEXT as u64 {
        return Ok(bare_too_large(size));
    }
    let bytes = JsFuture::from(file.array_buffer()).await?;
    Ok(check_bare_with_fixes(Uint8Array::new(&bytes).to_vec()))
}

async fn check_archive(file: &File, progress: &Function) -> Result<Report, JsValue> {
    let mut pieces = Pieces::of(file);
    let mut reader = Reader::new();
    let mut buffer = Vec::new();
    let (mut read, mut reported) = (0, 0);
    while pieces.next(&mut buffer).await? {
        if reader.push(&buffer).is_err() {
            // Reading on is pointless; the report says why.
            pieces.stop().await;
            break;
        }
        read += buffer.len() as u64;
        if read - reported >= STEP {
            reported = read;
            progress.call1(&JsValue::NULL, &JsValue::from_f64(read as f64))?;
        }
    }
    Ok(reader.finish_with_fixes())
}
