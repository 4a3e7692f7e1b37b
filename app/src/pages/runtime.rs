//! The page `runtime`.

use leptos::prelude::*;

#[component]
pub fn RuntimePage() -> impl IntoView {
    view! { <main id="main"><h1>"RuntimePage"</h1></main> }
}
