//! Copying to the clipboard, where the browser allows it.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// Shown when the browser refuses.
const REFUSED: &str = "The browser blocked copying. Download the file instead.";

#[wasm_bindgen]
extern "C" {
    type Promised;
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Promised;
    /// Takes JavaScript values, so that the garbage collector frees the callbacks.
    #[wasm_bindgen(method)]
    fn then(this: &Promised, done: &JsValue, refused: &JsValue);
}

/// Whether the clipboard is available to this page: only over https, and on localhost.
fn is_there() -> bool {
    Reflect::get(&window().navigator(), &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object())
}

/// Copies a text and sets `said` to the result.
pub(in crate::package) fn copy(text: &str, said: RwSignal<&'static str>) {
    if !is_there() {
        said.set(REFUSED);
        return;
    }
    // The page may be gone by then.
    let report = |words| {
        let set = move || {
            let _ = said.try_set(words);
        };
        Closure::<dyn FnMut()>::new(set).into_js_value()
    };
    write_text(text).then(&report("Copied."), &report(REFUSED));
}
