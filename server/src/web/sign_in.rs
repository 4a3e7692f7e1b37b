//! Signing in with a link from the terminal, and signing out.

use app::error::{Error, ErrorKind};
use app::paths;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use crate::platform::store_error;
use crate::store::Redeemed;
use crate::web::form::SubmittedForm;
use crate::web::guard::FormField;
use crate::web::links::Turn;
use crate::web::session::{self, SessionToken};
use crate::web::sign_in_url;
use crate::web::{Web, form, static_page};

/// The fields of the form behind a sign-in link.
pub const FIELDS: &[FormField] = &[FormField::line("token"), FormField::line("next")];

/// Creates a session for the link's token and redirects to the next page.
pub async fn sign_in(State(web): State<Web>, form: SubmittedForm) -> Response {
    let next = form.field("next").and_then(sign_in_url::own_path).unwrap_or(paths::HOME).to_owned();
    let refused = match web.store.redeem_sign_in_link(form.field("token").unwrap_or_default(), web.session_life).await {
        Ok(Redeemed::SignedIn { token, caller }) => {
            tracing::info!(user = caller.name, "signed in");
            let cookie = session::cookie(&web, &token);
            return (cookie.map(|cookie| [(SET_COOKIE, cookie)]), Redirect::to(&next)).into_response();
        }
        Ok(Redeemed::Used) => {
            "This link was used before; each link works once. If you did not use it, tell your admin."
        }
        Ok(Redeemed::Expired) => "This link has expired: links are valid for 15 minutes.",
        Ok(Redeemed::Unknown) => "This is not a sign-in link of this console. Check that you copied the whole link.",
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot redeem a sign-in link");
            return form::refuse(web, form, store_error(error)).await;
        }
    };
    form::refuse(web, form, Error::new(ErrorKind::Invalid, refused)).await
}

/// Prints another link to the terminal, where only the person who runs the console can read it.
pub async fn new_link(State(web): State<Web>, headers: HeaderMap) -> Response {
    match web.links.turn() {
        Turn::Yours => {}
        Turn::Printed => return to_sign_in("?printed=0"),
        Turn::NotPrinted => {
            let words = "No link was printed. One was requested a moment ago; try again in 10 seconds.";
            return static_page::error(&web, &headers, Error::new(ErrorKind::Unavailable, words));
        }
    }
    match web.store.create_sign_in_link(web.administrator.id).await {
        Ok(token) if web.links.print(&web.public_url, &token) => to_sign_in("?printed=1"),
        Ok(_) => {
            let words = "No link was printed: the console's terminal is closed. Restart the console to get one.";
            static_page::error(&web, &headers, Error::new(ErrorKind::Unavailable, words))
        }
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot make a sign-in link");
            let mut error = store_error(error);
            error.message = format!("No link was printed. {}", error.message);
            static_page::error(&web, &headers, error)
        }
    }
}

fn to_sign_in(query: &str) -> Response {
    Redirect::to(&format!("{}{query}", paths::SIGN_IN)).into_response()
}

/// Ends the session, if any, and redirects to the sign-in page. When the sign-out cannot be stored, the session still
/// ends in this process and this browser, and a page says so.
pub async fn sign_out(
    State(web): State<Web>,
    token: Option<axum::Extension<SessionToken>>,
    headers: HeaderMap,
) -> Response {
    let forget = session::no_cookie(&web).map(|cookie| [(SET_COOKIE, cookie)]);
    let Some(axum::Extension(SessionToken(token))) = token else {
        return (forget, Redirect::to(paths::SIGN_IN)).into_response();
    };
    let ended = web.store.end_session(&token);
    // The session is already refused. Sending fails only when no stream is open.
    let _ = web.ended_sessions.send(token);
    match ended.await {
        Ok(()) => (forget, Redirect::to(paths::SIGN_IN)).into_response(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "cannot record a sign-out");
            (forget, not_recorded(&web, &headers)).into_response()
        }
    }
}

fn not_recorded(web: &Web, headers: &HeaderMap) -> Response {
    let words = "You are signed out, but the sign-out could not be saved yet. The console keeps trying. If the console restarts before that, a copy of this session can be used until it expires.";
    if static_page::wants_json(headers) {
        return static_page::json(Error::new(ErrorKind::Unavailable, words));
    }
    let body = view! { <p>{words}</p> <p><a class="button" href=paths::SIGN_IN>"Sign in"</a></p> };
    static_page::page(web, StatusCode::SERVICE_UNAVAILABLE, "Signed out, not saved yet", body)
}
