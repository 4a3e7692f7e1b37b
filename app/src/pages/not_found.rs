//! The page of an address that leads nowhere.

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
    let error = Error::new(
        ErrorKind::NotFound,
        "There is no page at this address. It may have been mistyped, or what it showed is gone.",
    );
    view! {
        <Title text="Not found" />
        <Framed>
            <main id="main" class="page">
                <ErrorView error />
            </main>
        </Framed>
    }
}
