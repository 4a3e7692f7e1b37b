//! The frame around every page of somebody who is signed in.

use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub fn FramedPage() -> impl IntoView {
    view! { <Outlet /> }
}
