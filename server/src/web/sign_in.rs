//! Signing in by a link from the terminal, and signing out.

use app::error::{Error, ErrorKind};
use app::paths;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};

use crate::store::Redeemed;
use crate::web::form::{Form, FormField};
use crate::web::session::{self, SessionToken};
use crate::web::{Web, form};

/// The fields of the form that a sign-in link leads to.
pub const FIELDS: &[FormField] = &[FormField::line("token"), FormField::line("next")];

/// Opens a session for the link's token and leads on.
pub async fn sign_in(State(web): State<Web>, form: Form) -> Response {
    let next = form.field("next").and_then(session::own_path).unwrap_or(paths::HOME).to_owned();
    let refused = match web.store.redeem_sign_in_link(form.field("token").unwrap_or_default(), web.session_life).await {
        Ok(Redeemed::SignedIn { token, caller }) => {
            tracing::info!(user = caller.name, "signed in");
            let cookie = session::cookie(&web, &token);
            return (cookie.map(|cookie| [(SET_COOKIE, cookie)]), Redirect::to(&next)).into_response();
        }
        Ok(Redeemed::Used) => {
            "This link was used before, and each works once. If it was not you who used it, tell whoever runs the console."
        }
        Ok(Redeemed::Expired) => "This link has expired: it works for 15 minutes.",
        Ok(Redeemed::Unknown) => "This is not a sign-in link of this console. Was it copied whole?",
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "cannot redeem a sign-in link");
            let error = Error::new(ErrorKind::Unavailable, "The console's store does not answer. Try again soon.");
            return form::refuse(web, form, error).await;
        }
    };
    form::refuse(web, form, Error::new(ErrorKind::Invalid, refused)).await
}

/// Prints another link to the terminal: only who runs the console can read it, whoever asked for it.
pub async fn new_link(State(web): State<Web>) -> Response {
    let may_print = web.links.may_print();
    if may_print {
        match web.store.create_sign_in_link(web.administrator.id).await {
            Ok(token) => web.links.print(&web.public_url, &token),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "cannot make a sign-in link");
            }
        }
    }
    // 0: one was printed a moment ago.
    Redirect::to(&format!("{}?printed={}", paths::SIGN_IN, u8::from(may_print))).into_response()
}

/// Ends the session and leads to the sign-in page; without a session, only the latter.
pub async fn sign_out(State(web): State<Web>, token: Option<axum::Extension<SessionToken>>) -> Response {
    if let Some(axum::Extension(SessionToken(token))) = token {
        if let Err(error) = web.store.end_session(&token).await {
            tracing::error!(error = &error as &dyn std::error::Error, "cannot end a session");
        }
        // An error says only that no stream is open.
        let _ = web.ended_sessions.send(token);
    }
    (session::no_cookie(&web).map(|cookie| [(SET_COOKIE, cookie)]), Redirect::to(paths::SIGN_IN)).into_response()
}
