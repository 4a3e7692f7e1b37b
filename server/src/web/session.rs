//! Who is asking: the session cookie, and what happens to those who have none.

use std::time::Duration;

use app::error::{Error, ErrorKind};
use app::model::Caller;
use app::paths;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::packages::drain;
use crate::store::SESSION_LONGEST;
use crate::web::{Web, expired, plain};

/// How long a package of somebody without a session may take to be read away: strangers may send one, too.
const DRAIN_TIME: Duration = Duration::from_secs(60);

/// The session's token as the browser sent it.
#[derive(Clone)]
pub struct SessionToken(pub String);

/// Finds out whose session the request belongs to, and puts the [`Caller`] into its extensions.
pub async fn identify(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    if let Some(token) = token_of(request.headers(), &cookie_name(&web)) {
        match web.store.session(&token, web.session_life).await {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
                request.extensions_mut().insert(SessionToken(token));
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "cannot read sessions");
                let error = Error::new(ErrorKind::Unavailable, "The console's store does not answer. Try again soon.");
                return plain::error(&web, request.headers(), error);
            }
        }
    }
    next.run(request).await
}

/// Lets only those in who are signed in: others are led to the sign-in page and back, or told so as data.
pub async fn require(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Caller>().is_some() {
        return next.run(request).await;
    }
    let request = without_upload(request).await;
    if plain::wants_json(request.headers()) || request.uri().path().starts_with("/api/") {
        let error = Error::new(ErrorKind::SignedOut, "You are not signed in, or your session has ended.");
        return plain::json(error);
    }
    if [Method::GET, Method::HEAD].contains(request.method()) {
        let here = request.uri().path_and_query().map_or(paths::HOME, |here| here.as_str());
        return Redirect::to(&sign_in(here)).into_response();
    }
    expired::keep_form(web, request).await
}

/// Reads a package away that nobody will take: a browser that is cut off while it sends shows a broken connection, and
/// not that the session has ended.
async fn without_upload(request: Request) -> Request {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
        return request;
    }
    let (parts, body) = request.into_parts();
    // Late or not, the answer is the same.
    let _ = tokio::time::timeout(DRAIN_TIME, drain(&mut body.into_data_stream())).await;
    Request::from_parts(parts, Body::empty())
}

/// The sign-in page that leads on to one of our own paths.
pub fn sign_in(next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{}?next={next}", paths::SIGN_IN)
}

/// The path and query of a sign-in link.
pub fn sign_in_link(token: &str) -> String {
    format!("{}?token={token}", paths::SIGN_IN)
}

/// The path to go on to after signing in, if it is one of ours: `//host` and `/\host` lead elsewhere.
pub fn own_path(next: &str) -> Option<&str> {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    (ours && next.chars().all(|c| c.is_ascii_graphic())).then_some(next)
}

/// Cookies do not know ports: the store's ID keeps two consoles on one host apart. `__Host-` makes browsers insist on
/// Secure, Path=/ and no Domain.
fn cookie_name(web: &Web) -> String {
    let prefix = if web.public_url.is_https() { "__Host-" } else { "" };
    format!("{prefix}krt-console-{}", web.store.instance())
}

/// The cookie that holds a session; the store decides how long it lives.
pub fn cookie(web: &Web, token: &str) -> Option<HeaderValue> {
    set_cookie(web, token, SESSION_LONGEST / 1000)
}

/// Makes the browser forget the cookie.
pub fn no_cookie(web: &Web) -> Option<HeaderValue> {
    set_cookie(web, "", 0)
}

fn set_cookie(web: &Web, token: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if web.public_url.is_https() { "; Secure" } else { "" };
    let name = cookie_name(web);
    // Tokens are hex, names ASCII: this is a valid header always.
    HeaderValue::from_str(&format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")).ok()
}

fn token_of(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, token)| token.to_owned())
}

/// For handlers: the caller that [`require`] let in.
pub struct SignedIn(pub Caller);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<SignedIn, Response> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.map(SignedIn).ok_or_else(|| {
            plain::error(web, &parts.headers, Error::new(ErrorKind::SignedOut, "You are not signed in. Sign in first."))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_on_to_our_own_paths_only() {
        for ours in ["/", "/runtimes/demo?archived=true"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for other in
            ["", "runtimes", "//evil.example", "/\\evil.example", "https://evil.example/", "/a\nb", "/ä", "/a b"]
        {
            assert_eq!(own_path(other), None, "{other}");
        }
    }

    #[test]
    fn the_way_back_is_escaped() {
        assert_eq!(sign_in("/audit?person=a&kind=b"), "/sign-in?next=%2Faudit%3Fperson%3Da%26kind%3Db");
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = HeaderMap::from_iter([(header::COOKIE, "a=1; krt-console-x=secret;b=2".parse().unwrap())]);
        assert_eq!(token_of(&headers, "krt-console-x").as_deref(), Some("secret"));
        assert_eq!(token_of(&headers, "console-x"), None);
    }
}
