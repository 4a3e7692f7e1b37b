//! Who is asking: the session cookie, and what happens to those who have none.

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
use crate::web::{Web, drain, expired, static_page};

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
                tracing::warn!(error = &error as &dyn std::error::Error, "cannot read sessions");
                return static_page::error(&web, request.headers(), store_error(error));
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
    if static_page::wants_json(request.headers()) || request.uri().path().starts_with("/api/") {
        drain::in_background(request.into_body());
        let error = Error::new(ErrorKind::SignedOut, "You are not signed in, or your session has ended.");
        return static_page::json(error);
    }
    if [Method::GET, Method::HEAD].contains(request.method()) {
        let here = request.uri().path_and_query().map_or(paths::HOME, |here| here.as_str());
        return Redirect::to(&sign_in(here)).into_response();
    }
    expired::keep_form(web, request).await
}

/// The longest path that one is led on to, in bytes: escaped, it becomes three times as long at worst, and still is an
/// address of ours.
const LONGEST_NEXT: usize = 600;

/// The sign-in page that leads on to one of our own paths; to the first page when the path is too long.
pub fn sign_in(next: &str) -> String {
    if next.len() > LONGEST_NEXT {
        return paths::SIGN_IN.to_owned();
    }
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
