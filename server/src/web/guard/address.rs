//! Rejects requests by their address: foreign host names, to prevent DNS rebinding (a foreign name that resolves to the
//! console), and long URLs, since pages show parts of them.

use app::error::{Error, ErrorKind};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::settings::Hosts;
use crate::web::{Web, drain, static_page};

/// Probes use the pod's address, and their responses contain nothing secret.
const FOR_ANYBODY: [&str; 2] = ["/healthz", "/readyz"];

const WORDS: &str = "This console does not accept requests for this host name. Your admin can allow the name with \
                     --public-url or --allowed-host.\n";

/// Rejects requests that name another host, in a header or in the request target.
pub async fn known_host(State(web): State<Web>, request: Request, next: Next) -> Response {
    if is_known(&web.hosts, &request) || FOR_ANYBODY.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    (StatusCode::MISDIRECTED_REQUEST, WORDS).into_response()
}

fn is_known(hosts: &Hosts, request: &Request) -> bool {
    let of_headers = request.headers().get_all(header::HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let of_target = request.uri().authority().map(|authority| authority.as_str());
    let mut named = of_headers.chain(of_target).peekable();
    named.peek().is_some() && named.all(|host| hosts.allow(host))
}

/// Maximum bytes of path and query; a sign-in link that leads to a filtered audit log has some 400.
const LONGEST: usize = 2 * 1024;

/// Rejects requests whose URL is too long.
pub async fn short_address(State(web): State<Web>, request: Request, next: Next) -> Response {
    let length = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if length <= LONGEST {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    drain::in_background(body);
    let words = format!("This address has {length} bytes; the limit is {LONGEST}.");
    let error = Error::new(ErrorKind::Invalid, words);
    static_page::refusal(&web, &parts.headers, StatusCode::URI_TOO_LONG, "Address too long", error)
}
