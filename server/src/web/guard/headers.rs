//! Security headers: browsers may load the console's own files and nothing else.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

use crate::web::Web;

/// Sent with every response. `no-referrer` would be stricter than `same-origin`, but makes browsers send `Origin: null`
/// with forms, and the origin check needs the real origin.
const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Seconds after which programs may retry.
pub const RETRY_AFTER: &str = "5";
/// Browsers use https only, for a year. Without `includeSubDomains`, because other hosts of the domain are not ours.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds a nonce to the request and security headers to the response. Responses without `Cache-Control` are not cached,
/// because pages show the current state to one person.
pub async fn secure(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    if matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    set(response.headers_mut(), &nonce, web.public_url.is_https());
    response
}

fn set(headers: &mut HeaderMap, nonce: &Nonce, is_https: bool) {
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The content security policy. The only inline scripts are Leptos' own, which carry the nonce; `wasm-unsafe-eval`
/// allows compiling WASM and nothing else; pages have no inline styles.
fn policy(nonce: &str) -> String {
    [
        "default-src 'none'",
        &format!("script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"),
        &format!("style-src 'self' 'nonce-{nonce}'"),
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_our_own_files_and_nothing_inline_without_the_nonce() {
        insta::assert_snapshot!(policy("abc").replace("; ", "\n"), @r"
        default-src 'none'
        script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'
        style-src 'self' 'nonce-abc'
        img-src 'self' data:
        font-src 'self'
        connect-src 'self'
        worker-src 'self'
        manifest-src 'self'
        form-action 'self'
        frame-ancestors 'none'
        base-uri 'none'
        ");
    }
}
