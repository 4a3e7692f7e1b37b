//! Pages that exist only on the server: with the usual top bar, without scripts.

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

use crate::web::{Web, sign_in_url, static_page};

/// The visitor of such a page, who may not be signed in.
pub struct Visitor(Option<Caller>);

impl FromRequestParts<Web> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Visitor, Infallible> {
        Ok(Visitor(parts.extensions.get::<Caller>().cloned()))
    }
}

/// Renders the whole page; `place` is the current entry of the top bar. The bar shows the caller and the state of the
/// cluster. Visitors who are not signed in get a bar with a link to sign in; when that state cannot be read, the bar is bare.
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
            None if caller.is_some() => view! { <BareBar /> }.into_any(),
            None => {
                let sign_in = sign_in_url::returning_to(place);
                view! { <BareBar><a href=sign_in>"Sign in"</a></BareBar> }.into_any()
            }
        };
        let bar = view! { <a class="skip" href="#main">"Skip to content"</a> {bar} };
        static_page::document(web, status, title, bar, main)
    })
}
