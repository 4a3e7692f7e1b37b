//! The page `not_found`.

use leptos::prelude::*;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <main id="main"><h1>"NotFoundPage"</h1></main> }
}
