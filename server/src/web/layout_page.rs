//! Pages that only the server knows, under the bar of all others, without a script.

use std::convert::Infallible;

use app::components::{BareBar, TopBar};
use app::live::Live;
use app::model::Caller;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;

use crate::web::{Web, static_page};

/// For whom such a page is: a stranger may read some of them, too.
pub struct Visitor(Option<Caller>);

impl FromRequestParts<Web> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Visitor, Infallible> {
        Ok(Visitor(parts.extensions.get::<Caller>().cloned()))
    }
}

/// The whole page, in one of the bar's places. The bar says who is asking and how the cluster is; for strangers, and where
/// that cannot be read, it is the bare one.
pub async fn page(
    web: &Web,
    Visitor(caller): Visitor,
    place: &str,
    (status, title): (StatusCode, &str),
    main: impl IntoView,
) -> Response {
    let frame = match &caller {
        Some(caller) => web.platform.frame(caller).await.ok(),
        None => None,
    };
    Owner::new().with(|| {
        provide_context(RequestUrl::new(place));
        provide_context(Live::new());
        let bar = match frame {
            Some(frame) => view! { <Router><TopBar frame /></Router> }.into_any(),
            None => view! { <BareBar /> }.into_any(),
        };
        let bar = view! { <a class="skip" href="#main">"Skip to the content"</a> {bar} };
        static_page::document(web, status, title, bar, main)
    })
}
