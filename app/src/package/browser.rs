//! The browser's part of an upload: dropped or chosen files, the worker that checks them, the request that sends them.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{DragEvent, File, FileList, HtmlElement, HtmlInputElement, Worker, XmlHttpRequest};

use super::upload_state::UploadState;

mod clipboard;
pub(super) use clipboard::copy;

mod worker;

mod upload;
pub(super) use upload::{cancel_upload, upload};

/// The browser's objects of the current upload; a page has at most one.
#[derive(Default)]
struct UploadHandles {
    file: Option<File>,
    worker: Option<Worker>,
    request: Option<XmlHttpRequest>,
}

thread_local! {
    static UPLOAD: RefCell<UploadHandles> = RefCell::default();
}

fn with_handles<T>(work: impl FnOnce(&mut UploadHandles) -> T) -> T {
    UPLOAD.with_borrow_mut(work)
}

/// Accepts files dropped anywhere on the page, until the current owner is cleaned up.
pub(super) fn accept_files(upload_state: UploadState) {
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if has_files(&event) && !upload_state.is_dragged_over.get_untracked() {
            upload_state.is_dragged_over.set(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        // No related target: the pointer has left the window.
        if event.related_target().is_none() {
            upload_state.is_dragged_over.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        if !has_files(&event) {
            return;
        }
        upload_state.is_dragged_over.set(false);
        if let Some(files) = files(&event)
            && let Some(file) = files.get(0)
        {
            worker::check(upload_state, file, files.length() > 1);
        }
    });
    on_cleanup(move || [over, leave, drop].into_iter().for_each(|listener| listener.remove()));
}

/// Prevents the browser from opening a dropped file in place of the page. On a page with the upload form, a single
/// dropped file is selected there. Called once for all pages.
pub fn stay_for_files() {
    let stay = Closure::<dyn FnMut(DragEvent)>::new(|event: DragEvent| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        // During `dragover` the browser does not expose the files yet.
        if let Some(files) = files(&event).filter(|files| files.length() == 1)
            && let Some(input) = input("field-package")
        {
            input.set_files(Some(&files));
        }
    })
    .into_js_value();
    for name in ["dragover", "drop"] {
        let _ = window().add_event_listener_with_callback(name, stay.unchecked_ref());
    }
}

fn files(event: &DragEvent) -> Option<FileList> {
    event.data_transfer()?.files()
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Opens the browser's file dialog; returns `false` when the page has no file input.
pub(super) fn open_chooser() -> bool {
    input("chosen-package").inspect(|input| input.click()).is_some()
}

/// Focuses the link that adds a version.
pub(super) fn focus_add_version() {
    if let Some(link) = document().get_element_by_id("add-version").and_then(|link| link.dyn_into::<HtmlElement>().ok())
    {
        let _ = link.focus();
    }
}

/// Starts the check of the chosen file.
pub(super) fn choose(upload_state: UploadState, event: &web_sys::Event) {
    let input: HtmlInputElement = event_target(event);
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        worker::check(upload_state, file, false);
    }
    // Allows choosing the same file again after it was fixed.
    input.set_value("");
}

/// Stops the check and the upload, and drops the file.
pub(super) fn discard(upload_state: UploadState) {
    worker::stop();
    cancel_upload(upload_state);
    with_handles(|handles| handles.file = None);
}
