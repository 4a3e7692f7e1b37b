//! The browser's part: files that are dropped or chosen, the worker that checks them, the request that uploads them.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{DragEvent, File, FileList, HtmlInputElement, Worker, XmlHttpRequest};

use super::upload_state::UploadState;

mod clipboard;
pub(super) use clipboard::copy;

mod worker;

mod upload;
pub(super) use upload::{cancel_upload, upload};

/// What the browser holds for the desk; there is one desk on a page.
#[derive(Default)]
struct UploadHandles {
    file: Option<File>,
    worker: Option<Worker>,
    request: Option<XmlHttpRequest>,
}

thread_local! {
    static HANDS: RefCell<UploadHandles> = RefCell::default();
}

fn with_hands<T>(work: impl FnOnce(&mut UploadHandles) -> T) -> T {
    HANDS.with_borrow_mut(work)
}

/// Makes the whole page a place to drop files on, until the current owner goes.
pub(super) fn accept_files(upload_state: UploadState) {
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if has_files(&event) && !upload_state.is_dragged_over.get_untracked() {
            upload_state.is_dragged_over.set(true);
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        // Left for nothing on the page: out of the window.
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

/// Keeps the browser from leaving the page for a file that is dropped on it. Where there is a form that uploads one, it
/// is chosen there. Called once, for every page.
pub fn stay_for_files() {
    let stay = Closure::<dyn FnMut(DragEvent)>::new(|event: DragEvent| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        // Held over the page, the files are not told yet.
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

/// Opens the browser's own dialog for files; false when it cannot.
pub(super) fn open_chooser() -> bool {
    input("chosen-package").inspect(|input| input.click()).is_some()
}

/// Takes what was chosen.
pub(super) fn choose(upload_state: UploadState, event: &web_sys::Event) {
    let input: HtmlInputElement = event_target(event);
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        worker::check(upload_state, file, false);
    }
    // So that the same file, mended, can be chosen again.
    input.set_value("");
}

/// Stops whatever runs, and lets go of the file.
pub(super) fn put_away(upload_state: UploadState) {
    worker::stop();
    cancel_upload(upload_state);
    with_hands(|hands| hands.file = None);
}
