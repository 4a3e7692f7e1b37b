//! The HTTP/1.1 listener with keep-alive. Limits the number of connections and what a connection may cost before its
//! first request; shuts down gracefully.

mod answer;
mod client;
mod table;

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::descriptors;
use crate::settings::Settings;
use answer::Counted;
use client::Proxies;
use table::{Place, Table, begin};

/// Maximum bytes of a request head, the same as in proxies (nginx: 4 × 8 KiB).
const HEAD_SIZE: usize = 32 * 1024;
/// Maximum number of headers; browsers send about twenty.
const MAX_HEADERS: usize = 100;
/// Pause after `accept` failed for lack of file descriptors or memory, as in hyper and Go.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// Timeout for closing an idle connection.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Timeouts and numbers of connections.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Timeout for the head of a request, and for idling between two requests.
    pub head: Duration,
    /// Grace period for requests to finish at shutdown.
    pub grace: Duration,
    /// Maximum number of concurrent connections.
    pub connections: usize,
    /// Maximum concurrent connections per address; behind a trusted proxy, maximum concurrent requests per address.
    pub per_address: usize,
    /// Proxies whose headers name the client.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ConnectionLimits {
    /// 30 s is hyper's default. 8 s is less than the 10 s after which Docker kills the process.
    fn default() -> ConnectionLimits {
        ConnectionLimits {
            head: Duration::from_secs(30),
            grace: Duration::from_secs(8),
            connections: descriptors::for_connections(),
            per_address: 256,
            trusted_proxies: Vec::new(),
        }
    }
}

impl ConnectionLimits {
    pub fn of(settings: &Settings) -> ConnectionLimits {
        let (per_address, trusted) = (settings.max_connections_per_address.get(), settings.trusted_proxy.clone());
        ConnectionLimits { per_address, trusted_proxies: trusted, ..ConnectionLimits::default() }
    }
}

/// Serves the router on the listener until `stop` is cancelled, then lets earlier requests finish.
pub async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(HEAD_SIZE)
        .max_buf_size(2 * HEAD_SIZE)
        .max_headers(MAX_HEADERS)
        .half_close(false);
    let table = Table::new(limits.connections, limits.per_address);
    let serving = Serving { http, router, table, proxies: Proxies::new(&limits.trusted_proxies) };
    let open = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, from) = match accepted {
            Ok((stream, from)) => (stream, from.ip()),
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        // Server-sent events are small packets that must not be delayed.
        let _ = TcpStream::set_nodelay(&stream, true);
        let is_proxy = serving.proxies.trust(from);
        match serving.table.admit((!is_proxy).then_some(from), &stop) {
            Ok(place) => drop(open.spawn(serving.clone().connection(stream, from, is_proxy, place))),
            Err(refused) => {
                tracing::debug!(%from, ?refused, "a connection was refused");
                if let Some(leaving) = serving.table.leave() {
                    open.spawn(refused.send(stream, serving.table.per_address(), leaving));
                }
            }
        }
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(limits.grace, open.wait()).await.is_err() {
        tracing::warn!("some requests did not finish within {} seconds and were aborted", limits.grace.as_secs());
    }
}

/// The state that all connections share.
#[derive(Clone)]
struct Serving {
    http: http1::Builder,
    router: Router,
    table: Table,
    proxies: Proxies,
}

impl Serving {
    async fn connection(self, stream: TcpStream, from: IpAddr, is_proxy: bool, place: Place) {
        let id = place.id();
        let service = service_fn(|request: Request<Incoming>| {
            let client = is_proxy.then(|| self.proxies.client(from, request.headers()));
            let begun = begin(&self.table, id, client);
            let (router, per_address) = (self.router.clone(), self.table.per_address());
            async move {
                let (answer, busy) = match begun {
                    Ok(busy) => (router.oneshot(request).await?, Some(busy)),
                    Err(refused) => (refused.answer(per_address), None),
                };
                Ok::<_, Infallible>(answer.map(|body| Counted::new(body, busy)))
            }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = place.end.cancelled() => {
                connection.as_mut().graceful_shutdown();
                loop {
                    match tokio::time::timeout(LAST_WORDS, connection.as_mut()).await {
                        Ok(ended) => break ended,
                        // An incomplete head, or a client that does not read its response.
                        Err(_) if place.is_silent() => return,
                        Err(_) => {}
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::trace!(%error, "a connection failed");
        }
    }
}

async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    // These errors affect only the connection that was to be accepted.
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "cannot accept connections");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}
