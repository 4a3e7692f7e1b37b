//! The clipboard, where the browser lets this page write to it.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

/// What is said where it cannot be copied.
const REFUSED: &str = "The browser did not let it be copied. Save it instead.";

#[wasm_bindgen]
extern "C" {
    type Promised;
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Promised;
    /// Takes values, so that JavaScript clears the functions away when it needs them no more.
    #[wasm_bindgen(method)]
    fn then(this: &Promised, done: &JsValue, refused: &JsValue);
}

/// Whether there is one for this page: only over https, and on the machine itself.
fn is_there() -> bool {
    Reflect::get(&window().navigator(), &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object())
}

/// Copies a text, and says in `said` what became of it.
pub(in crate::package) fn copy(text: &str, said: RwSignal<&'static str>) {
    if !is_there() {
        said.set(REFUSED);
        return;
    }
    // The page may be gone by then.
    let tell = |words| {
        let told = move || {
            let _ = said.try_set(words);
        };
        Closure::<dyn FnMut()>::new(told).into_js_value()
    };
    write_text(text).then(&tell("Copied."), &tell(REFUSED));
}
