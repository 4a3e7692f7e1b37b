//! The page `runtimes`.

use leptos::prelude::*;

#[component]
pub fn RuntimesPage() -> impl IntoView {
    view! { <main id="main"><h1>"RuntimesPage"</h1></main> }
}
