//! The page `version`.

use leptos::prelude::*;

#[component]
pub fn VersionPage() -> impl IntoView {
    view! { <main id="main"><h1>"VersionPage"</h1></main> }
}
