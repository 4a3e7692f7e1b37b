//! Sessions: the cookie that identifies the caller, and requests without one.

use app::error::{Error, ErrorKind};
use app::model::Caller;
use app::paths;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::platform::store_error;
use crate::store::SESSION_LONGEST;
use crate::web::{Web, drain, expired, sign_in_url, static_page};

/// The session token from the cookie.
#[derive(Clone)]
pub struct SessionToken(pub String);

/// Finds the session of the request and puts the [`Caller`] into its extensions.
pub async fn identify(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token_of(request.headers(), &cookie_name(&web)) {
        match web.store.session(&token, web.session_life).await {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
                request.extensions_mut().insert(SessionToken(token));
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot read sessions");
                return static_page::error(&web, request.headers(), store_error(error));
            }
        }
    }
    next.run(request).await
}

/// Requires a session. Without one, pages redirect to the sign-in page and back; programs get an error as JSON.
pub async fn require(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Caller>().is_some() {
        return next.run(request).await;
    }
    if static_page::wants_json(request.headers()) || request.uri().path().starts_with("/api/") {
        drain::in_background(request.into_body());
        let error = Error::new(ErrorKind::SignedOut, "You are not signed in, or your session has expired.");
        return static_page::json(error);
    }
    if [Method::GET, Method::HEAD].contains(request.method()) {
        let here = request.uri().path_and_query().map_or(paths::HOME, |here| here.as_str());
        return Redirect::to(&sign_in_url::returning_to(here)).into_response();
    }
    expired::keep_form(web, request).await
}

/// Cookies ignore ports, so the store's ID distinguishes two consoles on one host. `__Host-` makes browsers require
/// Secure, Path=/ and no Domain.
fn cookie_name(web: &Web) -> String {
    let prefix = if web.public_url.is_https() { "__Host-" } else { "" };
    format!("{prefix}krt-console-{}", web.store.instance())
}

/// The session cookie. The store decides when the session expires.
pub fn cookie(web: &Web, token: &str) -> Option<HeaderValue> {
    set_cookie(web, token, SESSION_LONGEST / 1000)
}

/// A cookie that makes the browser delete the session cookie.
pub fn no_cookie(web: &Web) -> Option<HeaderValue> {
    set_cookie(web, "", 0)
}

fn set_cookie(web: &Web, token: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if web.public_url.is_https() { "; Secure" } else { "" };
    let name = cookie_name(web);
    // Tokens are hex and names ASCII, so the header is always valid.
    HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")).ok()
}

fn token_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, token)| token.to_owned())
}

/// Extractor for the caller whom [`require`] admitted.
pub struct SignedIn(pub Caller);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<SignedIn, Response> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.map(SignedIn).ok_or_else(|| {
            static_page::error(
                web,
                &parts.headers,
                Error::new(ErrorKind::SignedOut, "You are not signed in. Sign in first."),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = HeaderMap::from_iter([(header::COOKIE, "a=1; krt-console-x=secret;b=2".parse().unwrap())]);
        assert_eq!(token_of(&headers, "krt-console-x").as_deref(), Some("secret"));
        assert_eq!(token_of(&headers, "console-x"), None);
    }
}
