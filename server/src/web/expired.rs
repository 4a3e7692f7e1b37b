//! A form whose session ended while it was filled in: shown whole, to be sent again after signing in.

use app::components::TextArea;
use app::{forms, paths};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::web::form::{self, is_form, limits_of};
use crate::web::guard::{BodyLimits, Unread, collect};
use crate::web::{Web, drain, session, static_page};

/// Characters that are shown again. Anybody may send such a form, so the answer is hardly longer than the plain page; a
/// reason and a description of the longest kind fit.
const SHOWN_AGAIN: usize = 2_000;

/// Bytes that are read of such a form: these characters, each written as `%F0%9F%98%80`, and the names of some fields.
const READ: usize = 32 * 1024;

/// Answers a form that came without a session by a page that holds it.
pub async fn keep_form(web: Web, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let action = parts.uri.path().to_owned();
    // A package is not taken from somebody who is not signed in; what is no form has nothing to keep.
    if !is_form(&parts.headers) {
        drain::in_background(body);
        return static_page::page(&web, StatusCode::UNAUTHORIZED, TITLE, lost(&action));
    }
    let declared = limits_of(&parts);
    let limits = BodyLimits { bytes: declared.bytes.min(READ), ..declared };
    let body = match collect(&parts.headers, body, limits).await {
        Ok(body) => body,
        Err(Unread::TooLarge) => return static_page::page(&web, StatusCode::UNAUTHORIZED, TITLE, long()),
        Err(unread) => return unread.answer(&web, &parts.headers, limits),
    };
    match form::fields(&body, limits) {
        Ok(values) if shown(&values) <= SHOWN_AGAIN => {
            static_page::page(&web, StatusCode::UNAUTHORIZED, TITLE, kept(action, values))
        }
        // Only the browser has it all. It sends it again when the page is reloaded; it may not show it again when one goes
        // back, since the form's page was not to be kept.
        _ => static_page::page(&web, StatusCode::UNAUTHORIZED, TITLE, long()),
    }
}

const TITLE: &str = "Your session has ended";

fn shown(values: &[(String, String)]) -> usize {
    values.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum()
}

fn kept(action: String, values: Vec<(String, String)>) -> impl IntoView {
    let fields = values.into_iter().map(field).collect_view();
    view! {
        <p>"Your session ended before the form was sent. Nothing is lost: sign in in another tab, then send it again here."</p>
        <form method="post" action=action class="stacked">
            {fields}
            <div class="buttons">
                {sign_in_elsewhere()}
                <button class="primary" type="submit">"Send it again"</button>
            </div>
        </form>
    }
}

fn long() -> impl IntoView {
    view! {
        <p>
            "Your session ended before the form was sent, and nothing was changed. Sign in in another tab, then reload this page and confirm: your browser sends the form again."
        </p>
        <p>{sign_in_elsewhere()}</p>
    }
}

fn lost(action: &str) -> impl IntoView {
    view! {
        <p>"Your session ended before this was sent, and nothing was stored."</p>
        <p><a class="button primary" href=session::sign_in(action)>"Sign in and choose the file again"</a></p>
    }
}

fn sign_in_elsewhere() -> impl IntoView {
    view! { <a class="button" href=paths::SIGN_IN target="_blank">"Sign in (new tab)"</a> }
}

/// What was typed, to be seen and corrected; what the page itself had put in stays hidden.
fn field((name, value): (String, String)) -> impl IntoView {
    // Configuration values were masked where they were typed.
    if name == forms::IDEMPOTENCY_KEY || name.starts_with(forms::VALUE) || name.starts_with(forms::KEEP_EMPTY) {
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
