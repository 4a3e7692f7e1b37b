//! Errors on pages and forms, each with a way to continue.

use leptos::prelude::*;

use super::icon::{self, Icon};
use crate::error::{Error, ErrorKind};
use crate::paths;

/// An error in place of a page or a part of it.
#[component]
pub fn ErrorView(error: Error) -> impl IntoView {
    let title = error.kind.title();
    let (way_on, href, rel) = match error.kind {
        // The server renders that page; the client-side router does not know it.
        ErrorKind::SignedOut => ("Sign in", paths::SIGN_IN, Some("external")),
        _ => ("All runtimes", paths::RUNTIMES, None),
    };
    view! {
        <section class="lost" aria-labelledby="lost-title">
            <h1 id="lost-title">{title}</h1>
            <p>{error.message}</p>
            <p>
                <a class="button" href=href rel=rel>
                    {way_on}
                </a>
            </p>
        </section>
    }
}

/// The reason why a form was refused, shown above its buttons. The element always exists, so that screen readers
/// announce the message.
#[component]
pub fn FormAlert(#[prop(into)] error: Signal<Option<Error>>) -> impl IntoView {
    view! {
        <div class="form-alert" role="alert">
            {move || {
                error
                    .get()
                    .map(|error| {
                        let sign_in = (error.kind == ErrorKind::SignedOut)
                            .then(|| {
                                view! {
                                    " "
                                    <a href=paths::SIGN_IN target="_blank">
                                        "Sign in (new tab)"
                                    </a>
                                    ", then send this form again. Your text is kept."
                                }
                            });
                        view! {
                            <p class="notice bad">
                                <Icon of=icon::CROSS />
                                <span>{error.message} {sign_in}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
