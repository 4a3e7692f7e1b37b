//! The browser's part: files that are dropped or chosen, the worker that checks them, the request that uploads them.

use std::cell::RefCell;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlInputElement, Worker, XmlHttpRequest};

use super::desk::Desk;

mod clipboard;
pub(super) use clipboard::{can_copy, copy};

mod worker;

mod upload;
pub(super) use upload::{cancel_upload, upload};

/// What the browser holds for the desk; there is one desk on a page.
#[derive(Default)]
struct Hands {
    file: Option<File>,
    worker: Option<Worker>,
    request: Option<XmlHttpRequest>,
}

thread_local! {
    static HANDS: RefCell<Hands> = RefCell::default();
}

fn with_hands<T>(work: impl FnOnce(&mut Hands) -> T) -> T {
    HANDS.with_borrow_mut(work)
}

/// Makes the whole page a place to drop files on, until the current owner goes.
pub(super) fn accept_files(desk: Desk) {
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if has_files(&event) {
            // Without this the browser would open the file instead of the page.
            event.prevent_default();
            if !desk.is_dragged_over.get_untracked() {
                desk.is_dragged_over.set(true);
            }
        }
    });
    let leave = window_event_listener(ev::dragleave, move |event: DragEvent| {
        // Left for nothing on the page: out of the window.
        if event.related_target().is_none() {
            desk.is_dragged_over.set(false);
        }
    });
    let drop = window_event_listener(ev::drop, move |event: DragEvent| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        desk.is_dragged_over.set(false);
        let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = file {
            worker::check(desk, file);
        }
    });
    on_cleanup(move || [over, leave, drop].into_iter().for_each(|listener| listener.remove()));
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Opens the browser's own dialog for files; false when it cannot.
pub(super) fn open_chooser() -> bool {
    let input =
        document().get_element_by_id("chosen-package").and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
    input.inspect(|input| input.click()).is_some()
}

/// Takes what was chosen.
pub(super) fn choose(desk: Desk, event: &web_sys::Event) {
    let input: HtmlInputElement = event_target(event);
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        worker::check(desk, file);
    }
    // So that the same file, mended, can be chosen again.
    input.set_value("");
}

/// Stops whatever runs, and lets go of the file.
pub(super) fn put_away(desk: Desk) {
    worker::stop();
    cancel_upload(desk);
    with_hands(|hands| hands.file = None);
}
