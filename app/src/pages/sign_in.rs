//! The page `sign_in`.

use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    view! { <main id="main"><h1>"SignInPage"</h1></main> }
}
