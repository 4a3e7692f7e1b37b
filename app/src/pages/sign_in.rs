//! The page that a sign-in link opens: a button that posts the link's token. A GET request never signs in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::components::{BareBar, FormAlert};
use crate::forms::form_outcome;
use crate::paths;

#[component]
pub fn SignInPage() -> impl IntoView {
    let outcome = form_outcome();
    let query = use_query_map().get_untracked();
    let from = |field: &str| outcome.value(field).map(str::to_owned).or_else(|| query.get(field)).unwrap_or_default();
    let (token, next) = (from("token"), from("next"));
    let printed = query.get("printed").map(|now| match now.as_str() {
        "0" => "A link was printed to the console's terminal a moment ago. Use it, or try again in 10 seconds.",
        _ => "A new link was printed to the console's terminal.",
    });
    // A refused link cannot be used again: explain how to get a new one instead of showing the button.
    let usable = !token.is_empty() && outcome.error.is_none();
    view! {
        <Title text="Sign in" />
        <BareBar />
        <main id="main" class="page narrow sign-in">
            <section class="card">
                <h1>"Sign in"</h1>
                <FormAlert error=outcome.error.clone() />
                {if usable {
                    view! {
                        <p>"This link works once. It signs you in on this browser."</p>
                        <form method="post" action=paths::SIGN_IN>
                            <input type="hidden" name="token" value=token />
                            <input type="hidden" name="next" value=next />
                            <div class="buttons">
                                <button class="primary" type="submit" autofocus>
                                    "Sign in"
                                </button>
                            </div>
                        </form>
                    }
                        .into_any()
                } else {
                    view! {
                        <p>
                            "Sign in with a one-time link, valid for 15 minutes. The console prints one to its terminal when it starts and when you request a new link. Open the link in this browser."
                        </p>
                        {printed.map(|printed| view! { <p class="notice" role="status"><span>{printed}</span></p> })}
                        <form method="post" action=paths::NEW_SIGN_IN_LINK>
                            <div class="buttons">
                                <button type="submit">"Print a new link to the terminal"</button>
                            </div>
                        </form>
                    }
                        .into_any()
                }}
            </section>
        </main>
    }
}
