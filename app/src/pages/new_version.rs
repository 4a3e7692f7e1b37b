//! The page `new_version`.

use leptos::prelude::*;

#[component]
pub fn NewVersionPage() -> impl IntoView {
    view! { <main id="main"><h1>"NewVersionPage"</h1></main> }
}
