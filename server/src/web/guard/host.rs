//! Requests for a host that is none of ours: a name that somebody else made point here, to read our pages as theirs.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::settings::Hosts;
use crate::web::Web;

/// Probes ask by whatever address the pod has, and learn nothing that anybody may not know.
const FOR_ANYBODY: [&str; 2] = ["/healthz", "/readyz"];

const WORDS: &str = "This console is not known by the name that it was asked by. Whoever runs it can allow a name with \
                     --public-url or --allowed-host.\n";

/// Refuses requests that name another host, in whichever way.
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
