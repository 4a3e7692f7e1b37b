//! CSRF protection: requests that may change something must come from a page of the console.
//!
//! Browsers send the origin of a request (`Origin`, `Sec-Fetch-Site`), and pages cannot forge it. Programs other than
//! browsers have to send the header: `-H "Origin: http://127.0.0.1:3000"`.

use app::error::{Error, ErrorKind};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::settings::PublicUrl;
use crate::web::{Web, static_page};

/// Rejects unsafe requests from other origins and without an origin.
pub async fn same_origin(State(web): State<Web>, request: Request, next: Next) -> Response {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if safe || comes_from_us(request.headers(), &web.public_url) {
        return next.run(request).await;
    }
    let message = format!(
        "This request does not come from a page of this console; nothing was changed. Open {} and try again there.",
        web.public_url
    );
    static_page::error(&web, request.headers(), Error::new(ErrorKind::Forbidden, message))
}

/// Whether the request comes from the public URL or from the host that it is addressed to (a port-forward, another name
/// of this machine). The second is just as strict, because [`super::known_host`] rejects requests for foreign hosts.
fn comes_from_us(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match text("sec-fetch-site") {
        None | Some("same-origin") => {}
        // `none`: typed or reloaded by the person. `same-site`: another host of the same domain, not the console.
        Some("none") if text(header::ORIGIN.as_str()).is_none() => return true,
        Some(_) => return false,
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return false };
    let host = text(header::HOST.as_str()).unwrap_or_default();
    let from: Option<Uri> = origin.parse().ok().filter(|from: &Uri| from.scheme().is_some());
    let from_host = from.as_ref().and_then(|from| from.authority()).map(|authority| authority.as_str());
    origin == public_url.origin() || (!host.is_empty() && from_host.is_some_and(|from| from.eq_ignore_ascii_case(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: bool) {
        let public_url = "https://console.example.org".parse().unwrap();
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        assert_eq!(comes_from_us(&headers, &public_url), expected, "{headers:?}");
    }

    #[test]
    fn the_consoles_own_pages_may_write() {
        check(&[("origin", "https://console.example.org")], true);
        check(&[("origin", "https://console.example.org"), ("sec-fetch-site", "same-origin")], true);
        check(&[("origin", "http://localhost:8000"), ("host", "localhost:8000")], true);
    }

    #[test]
    fn a_reload_of_the_answer_to_a_form_may_write() {
        check(&[("sec-fetch-site", "none"), ("host", "console.example.org")], true);
    }

    #[test]
    fn other_origins_may_not_write() {
        check(&[], false);
        check(&[("host", "console.example.org")], false);
        check(&[("origin", "null"), ("host", "null")], false);
        check(&[("origin", "https://evil.example.org"), ("host", "console.example.org")], false);
        check(&[("origin", "https://evil.example.org"), ("sec-fetch-site", "same-site")], false);
        check(&[("origin", "https://console.example.org"), ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "https://evil.example.org"), ("sec-fetch-site", "none")], false);
        check(&[("origin", ""), ("host", "")], false);
    }
}
