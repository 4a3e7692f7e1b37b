//! The page `new_runtime`.

use leptos::prelude::*;

#[component]
pub fn NewRuntimePage() -> impl IntoView {
    view! { <main id="main"><h1>"NewRuntimePage"</h1></main> }
}
