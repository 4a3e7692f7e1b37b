//! A form whose session ended while it was filled in: shown whole, to be sent again after signing in.

use app::components::TextArea;
use app::{forms, paths};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::web::form::{self, is_form};
use crate::web::guard::{CONFIGURATION_BODY, collect};
use crate::web::{Web, plain, session};

/// Answers a form that came without a session by a page that holds it.
pub async fn keep_form(web: Web, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let action = parts.uri.path().to_owned();
    // A package is not taken from somebody who is not signed in; what is no form has nothing to keep.
    let values = if is_form(&parts.headers) {
        collect(&parts.headers, body, CONFIGURATION_BODY).await.ok().map(|body| form::fields(&body))
    } else {
        None
    };
    let body = match values {
        Some(values) => kept(action, values).into_any(),
        None => lost(&action).into_any(),
    };
    plain::page(&web, StatusCode::UNAUTHORIZED, "Your session has ended", body)
}

fn kept(action: String, values: Vec<(String, String)>) -> impl IntoView {
    let fields = values.into_iter().map(field).collect_view();
    view! {
        <p>"Your session ended before the form was sent. Nothing is lost: sign in in another tab, then send it again here."</p>
        <form method="post" action=action class="stacked">
            {fields}
            <div class="buttons">
                <a class="button" href=paths::SIGN_IN target="_blank">"Sign in (new tab)"</a>
                <button class="primary" type="submit">"Send it again"</button>
            </div>
        </form>
    }
}

fn lost(action: &str) -> impl IntoView {
    view! {
        <p>"Your session ended before this was sent, and nothing was stored."</p>
        <p><a class="button primary" href=session::sign_in(action)>"Sign in and choose the file again"</a></p>
    }
}

/// What was typed, to be seen and mended; what the page itself had put in stays hidden.
fn field((name, value): (String, String)) -> impl IntoView {
    // Configuration values were masked where they were typed.
    if name == "form" || name.starts_with(forms::VALUE) || name.starts_with(forms::KEEP_EMPTY) {
        return view! { <input type="hidden" name=name value=value /> }.into_any();
    }
    let id = format!("field-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{name.clone()}</label>
            <TextArea id=id name=name value=value rows=2 />
        </div>
    }
    .into_any()
}
