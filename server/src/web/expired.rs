//! Shows a form whose session ended before it was sent, to be sent again after signing in.

use app::components::TextArea;
use app::{forms, paths};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::web::form::{self, limits_of};
use crate::web::guard::is_form;
use crate::web::guard::{BodyLimits, Unread, collect};
use crate::web::{Web, drain, sign_in_url, static_page};

/// Maximum characters shown again. Enough for a reason and a description of maximum length, but small, because anyone
/// can send such a form without signing in.
const SHOWN_AGAIN: usize = 2_000;

/// Maximum bytes read of such a form: that many characters, each written as `%F0%9F%98%80`, and some field names.
const READ: usize = 32 * 1024;

/// Answers a form without a session with a page that contains the form.
pub async fn keep_form(web: Web, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let action = parts.uri.path().to_owned();
    // Packages are not accepted without a session, and anything but a form has no fields to keep.
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
        // Only the browser has the whole form, and sends it again on reload. Going back may not restore the form,
        // because its page is not cached.
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
        <p>"Your session ended before the form was sent. Your text is kept. Use another tab to sign in, then send the form again here."</p>
        <form method="post" action=action class="stacked">
            {fields}
            <div class="buttons">
                {sign_in_elsewhere()}
                <button class="primary" type="submit">"Send form again"</button>
            </div>
        </form>
    }
}

fn long() -> impl IntoView {
    view! {
        <p>
            "Your session ended before the form was sent; nothing was changed. Use another tab to sign in, then reload this page and confirm; your browser sends the form again."
        </p>
        <p>{sign_in_elsewhere()}</p>
    }
}

fn lost(action: &str) -> impl IntoView {
    view! {
        <p>"Your session ended before the upload; nothing was stored."</p>
        <p><a class="button primary" href=sign_in_url::returning_to(action)>"Sign in and choose the file again"</a></p>
    }
}

fn sign_in_elsewhere() -> impl IntoView {
    view! { <a class="button" href=paths::SIGN_IN target="_blank">"Sign in (new tab)"</a> }
}

/// A field that the person filled in, editable; fields that the page filled in stay hidden.
fn field((name, value): (String, String)) -> impl IntoView {
    // Configuration values were masked in the original form.
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
