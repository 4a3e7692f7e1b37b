//! A form whose session ended while it was filled in: shown whole, to be sent again after signing in.

use app::components::TextArea;
use app::paths;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::web::form::Form;
use crate::web::{Web, plain, session};

/// Answers a form that came without a session by a page that holds it.
pub async fn keep_form(web: Web, request: Request) -> Response {
    let upload = request.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let action = request.uri().path().to_owned();
    let values = if upload {
        // The file is not taken from somebody who is not signed in.
        Vec::new()
    } else {
        match Form::from_request(request, &web).await {
            Ok(form) => form.values,
            Err(refused) => return refused,
        }
    };
    let fields = values.into_iter().map(field).collect_view();
    let body = if upload {
        view! {
            <p>"Your session ended before the package was sent, and nothing was stored."</p>
            <p><a class="button primary" href=session::sign_in(&action)>"Sign in and choose it again"</a></p>
        }
        .into_any()
    } else {
        view! {
            <p>"Your session ended before the form was sent. Nothing is lost: sign in in another tab, then send it again here."</p>
            <form method="post" action=action>
                {fields}
                <div class="buttons">
                    <a class="button" href=paths::SIGN_IN target="_blank">"Sign in (new tab)"</a>
                    <button class="primary" type="submit">"Send it again"</button>
                </div>
            </form>
        }
        .into_any()
    };
    plain::page(&web, StatusCode::UNAUTHORIZED, "Your session has ended", body)
}

/// What was typed, to be seen and mended; what the page itself had put in stays hidden.
fn field((name, value): (String, String)) -> impl IntoView {
    if name == "form" {
        return view! { <input type="hidden" name=name value=value /> }.into_any();
    }
    let (label, id) = (name.clone(), format!("field-{name}"));
    view! { <label class="field"><span>{label}</span><TextArea id name value rows=2 /></label> }.into_any()
}
