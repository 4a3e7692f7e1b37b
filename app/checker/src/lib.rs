//! In a worker of the browser: reads a file as a stream through the package reader, with flat memory. A WASM of its own,
//! so that pages do not load it before a package is dropped, and that it can be built for speed where they are built small.

use js_sys::{Function, Uint8Array};
use krt::check::MAX_TEXT;
use krt::package::{Reader, Report, bare_too_large, check_bare_with_fixes};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

mod pieces;
use pieces::Pieces;

/// Bytes between two reports of progress: often enough for a smooth bar, seldom enough to cost nothing.
const STEP: u64 = 1024 * 1024;

/// What was found, to be handed over to the page.
#[wasm_bindgen]
pub struct CheckResult(Report);

#[wasm_bindgen]
impl CheckResult {
    /// The text of the manifest, once; `undefined` without one. Apart from the report: in JSON it would be escaped, and parsed
    /// on the page for nothing.
    pub fn text(&mut self) -> Option<Uint8Array> {
        self.0.manifest_text.take().map(|text| Uint8Array::from(text.as_bytes()))
    }

    /// The report as JSON.
    ///
    /// # Errors
    /// None that is known: all of it can be written.
    pub fn report(&self) -> Result<Uint8Array, JsValue> {
        let mut json = Vec::with_capacity(self.0.size.min(MAX_TEXT as u64) as usize);
        serde_json::to_writer(&mut json, &self.0).map_err(|error| JsValue::from_str(&error.to_string()))?;
        Ok(Uint8Array::from(json.as_slice()))
    }
}

/// Checks a file; called by `worker.js`. `progress` is told how many bytes have been read.
///
/// # Errors
/// What the browser says when it cannot read the file.
#[wasm_bindgen]
pub async fn check_package(file: File, progress: Function) -> Result<CheckResult, JsValue> {
    let name = file.name().to_lowercase();
    let report = if name.ends_with(".yml") || name.ends_with(".yaml") {
        check_manifest(&file).await?
    } else {
        check_archive(&file, &progress).await?
    };
    Ok(CheckResult(report))
}

async fn check_manifest(file: &File) -> Result<Report, JsValue> {
    // Exact: a file has less than 2^53 bytes.
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
    let (mut read, mut told) = (0, 0);
    while pieces.next(&mut buffer).await? {
        if reader.push(&buffer).is_err() {
            // Reading on is of no use; the report says why.
            pieces.stop().await;
            break;
        }
        read += buffer.len() as u64;
        if read - told >= STEP {
            told = read;
            progress.call1(&JsValue::NULL, &JsValue::from_f64(read as f64))?;
        }
    }
    Ok(reader.finish_with_fixes())
}
