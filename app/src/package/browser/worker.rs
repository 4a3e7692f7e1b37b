//! The page's side of the check: sends a file to the worker and handles its messages.

use std::sync::Arc;

use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{File, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::with_handles;
use crate::loading::{NotLoaded, load};
use crate::package::report_json;
use crate::package::upload_state::{CheckedFile, Sending, Step, UploadState};

const SCRIPT: &str = "/check-worker.js";

/// Starts checking a file; discards the current upload first. `has_others` says that the file was dropped together with
/// others, which are ignored.
pub(super) fn check(upload_state: UploadState, file: File, has_others: bool) {
    super::discard(upload_state);
    let name = file.name();
    upload_state.sending.set(Sending::Not);
    upload_state.read.set(0);
    upload_state.reason.set(format!("Uploaded {name}"));
    upload_state.step.set(Step::Reading { file: name.clone(), size: file.size() as u64 });
    match start(upload_state, &name, &file, has_others) {
        Ok(worker) => with_handles(|handles| {
            handles.worker = Some(worker);
            handles.file = Some(file);
        }),
        Err(_) => {
            let why =
                "This browser cannot check packages in the background. Open Add version in a new tab and upload there.";
            upload_state.step.set(Step::Unreadable { file: name, why: why.to_owned() });
        }
    }
}

/// Terminates the worker, if one is running.
pub(super) fn stop() {
    if let Some(worker) = with_handles(|handles| handles.worker.take()) {
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
    }
}

fn start(upload_state: UploadState, name: &str, file: &File, has_others: bool) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(SCRIPT, &options)?;
    let on_message = {
        let name = name.to_owned();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            hear(upload_state, &name, has_others, &event.data())
        })
    };
    worker.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    let on_error = {
        let name = name.to_owned();
        Closure::<dyn FnMut(JsValue)>::new(move |_| fail(upload_state, &name, "The check crashed. Try again."))
    };
    worker.set_onerror(Some(on_error.into_js_value().unchecked_ref()));
    worker.post_message(file)?;
    Ok(worker)
}

fn hear(upload_state: UploadState, file: &str, has_others: bool, message: &JsValue) {
    let part = |name: &str| Reflect::get(message, &name.into()).unwrap_or_default();
    match part("kind").as_string().as_deref() {
        Some("progress") => upload_state.read.set(part("read").as_f64().unwrap_or_default() as u64),
        Some("report") => {
            stop();
            let (report, text, millis) = (part("report"), part("text"), part("millis").as_f64().unwrap_or_default());
            let mut note = noted(millis);
            if has_others {
                note += " · One file at a time; the others were ignored.";
            }
            let file = file.to_owned();
            spawn_local(async move {
                let step = read(file.clone(), note, bytes(&report).unwrap_or_default(), bytes(&text)).await;
                // Not when the page has gone on to another file meanwhile.
                let _ = upload_state.step.try_update(|current| {
                    if matches!(current, Step::Reading { file: of, .. } if *of == file) {
                        *current = step;
                    }
                });
            });
        }
        _ => {
            let why = part("message").as_string().unwrap_or_default();
            fail(
                upload_state,
                file,
                &format!("The browser cannot read this file ({why}). If it is not a folder, choose it again."),
            );
        }
    }
}

/// The step after the check: the file with its report, or why the report cannot be read.
async fn read(file: String, note: String, json: Vec<u8>, text: Option<Vec<u8>>) -> Step {
    let why = match load(report_json::report_of(json, text)).await {
        Ok(Some(report)) => {
            return Step::Read(Arc::new(CheckedFile { file, report, note, idempotency_key: new_idempotency_key() }));
        }
        Ok(None) => "This page cannot read the result of the check. Reload the page.",
        Err(NotLoaded) => {
            "Part of the console did not load. Check your connection to the console, then choose the file again."
        }
    };
    Step::Unreadable { file, why: why.to_owned() }
}

fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

fn noted(millis: f64) -> String {
    format!("checked in your browser in {} ms; nothing uploaded yet", millis.ceil() as u64)
}

fn fail(upload_state: UploadState, file: &str, why: &str) {
    stop();
    upload_state.step.set(Step::Unreadable { file: file.to_owned(), why: why.to_owned() });
}

/// A fresh idempotency key of 104 random bits. It protects against repeated requests, not against attackers.
fn new_idempotency_key() -> String {
    let part = || format!("{:013x}", (js_sys::Math::random() * 4_503_599_627_370_496.0) as u64);
    part() + &part()
}
