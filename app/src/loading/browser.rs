//! The browser's part of loading code.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use gloo_net::http::Request;
use js_sys::Function;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use crate::hydration::when_hydrated;

/// How long the page does not mention that it is loading; faster answers need no words.
const SILENT: Duration = Duration::from_millis(300);
/// The attribute of `<html>` that the style sheet shows as a bar at the top of the page.
const ATTRIBUTE: &str = "data-loading";

thread_local! {
    static LOADING: Cell<u32> = const { Cell::new(0) };
}

/// While one of these exists, the page is loading.
pub(super) struct Loading;

impl Loading {
    pub(super) fn start() -> Loading {
        LOADING.set(LOADING.get() + 1);
        set_timeout(show, SILENT);
        Loading
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        LOADING.set(LOADING.get() - 1);
        show();
    }
}

fn show() {
    let Some(page) = document().document_element() else { return };
    let _ = match LOADING.get() {
        0 => page.remove_attribute(ATTRIBUTE),
        _ => page.set_attribute(ATTRIBUTE, ""),
    };
}

/// Whether the console was updated after this page was opened, so that the files of this page are gone.
pub(super) async fn is_outdated() -> bool {
    // The scripts of this page, and the list of the current build.
    let script = document().query_selector("link[rel=modulepreload]").ok().flatten();
    let script = script.and_then(|link| link.get_attribute("href")).unwrap_or_default();
    let Some(hash) = script.rsplit('/').next().and_then(|file| file.split('.').rev().nth(1)) else { return false };
    match Request::get("/hash.txt").send().await {
        Ok(answer) if answer.ok() => answer.text().await.is_ok_and(|hashes| !hashes.contains(hash)),
        _ => false,
    }
}

#[wasm_bindgen]
extern "C" {
    /// Fails where the browser does not have it.
    #[wasm_bindgen(catch, js_name = "requestIdleCallback")]
    fn request_idle_callback(task: &Function) -> Result<u32, JsValue>;
}

/// Runs a load after the page was hydrated, when the browser has nothing else to do, so that a click finds the code.
pub fn prefetch(load: impl Future<Output = ()> + 'static) {
    when_hydrated(move || {
        let task = Closure::once_into_js(move || spawn_local(load));
        let task: &Function = task.unchecked_ref();
        if request_idle_callback(task).is_err() {
            let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(task, 1000);
        }
    });
}
