//! The page shown for unknown URLs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::frame::Framed;
use crate::components::ErrorView;
use crate::error::{Error, ErrorKind};

#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let error = Error::new(ErrorKind::NotFound, "No page exists at this address. Check the URL for typos.");
    view! {
        <Title text="Not found" />
        <Framed>
            <main id="main" class="page">
                <ErrorView error />
            </main>
        </Framed>
    }
}
