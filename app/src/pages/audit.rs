//! The page `audit`.

use leptos::prelude::*;

#[component]
pub fn AuditPage() -> impl IntoView {
    view! { <main id="main"><h1>"AuditPage"</h1></main> }
}
