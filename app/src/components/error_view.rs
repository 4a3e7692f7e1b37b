//! Errors on pages and forms, each with a way to continue.

use leptos::prelude::*;

use super::icon::{self, Icon};
use crate::error::{Error, ErrorKind};
use crate::paths;

/// An error in place of a page or a part of it.
#[component]
pub fn ErrorView(error: Error) -> impl IntoView {
    let (title, way_on, href) = match error.kind {
        ErrorKind::SignedOut => ("You are signed out", "Sign in", paths::SIGN_IN),
        ErrorKind::Forbidden => ("Not allowed", "All runtimes", paths::RUNTIMES),
        ErrorKind::NotFound => ("Not found", "All runtimes", paths::RUNTIMES),
        ErrorKind::Conflict => ("Not possible now", "All runtimes", paths::RUNTIMES),
        ErrorKind::Invalid => ("Invalid request", "All runtimes", paths::RUNTIMES),
        ErrorKind::StorageFull => ("Storage is full", "All runtimes", paths::RUNTIMES),
        ErrorKind::Unavailable => ("Not reachable", "All runtimes", paths::RUNTIMES),
        ErrorKind::Internal => ("Something went wrong", "All runtimes", paths::RUNTIMES),
    };
    view! {
        <section class="lost" aria-labelledby="lost-title">
            <h1 id="lost-title">{title}</h1>
            <p>{error.message}</p>
            <p>
                <a class="button" href=href>
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
                                        "Sign in in another tab"
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
