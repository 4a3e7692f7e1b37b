//! The socket: HTTP/1.1 with keep-alive, with limits on what a connection may cost before it has asked anything and on
//! how many there are, and an end that lets requests finish.

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

/// The longest head: what proxies allow as well (nginx: 4 × 8 KiB).
const HEAD_SIZE: usize = 32 * 1024;
/// Browsers send about twenty headers.
const MAX_HEADERS: usize = 100;
/// The pause after an `accept` that failed for want of file descriptors or memory: hyper's and Go's habit.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// How long a connection on which nothing is asked may take to end.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long a connection may take for what, and how many there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a request's head to arrive, and to idle between two requests.
    pub head: Duration,
    /// For requests to finish once the server is told to end.
    pub grace: Duration,
    /// Connections at the same time.
    pub connections: usize,
    /// Of them, those of one address; of a trusted proxy, requests at the same time for one address.
    pub per_address: usize,
    /// Proxies that say whose request it is.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for Limits {
    /// 30 s: hyper's own. 8 s: less than the 10 s after which Docker kills.
    fn default() -> Limits {
        Limits {
            head: Duration::from_secs(30),
            grace: Duration::from_secs(8),
            connections: descriptors::for_connections(),
            per_address: 256,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Limits {
    pub fn of(settings: &Settings) -> Limits {
        let (per_address, trusted) = (settings.max_connections_per_address.get(), settings.trusted_proxy.clone());
        Limits { per_address, trusted_proxies: trusted, ..Limits::default() }
    }
}

/// Answers on the listener until `stop` is cancelled and what was asked before is answered.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
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
        // A server-sent event is a small packet that somebody waits for.
        let _ = TcpStream::set_nodelay(&stream, true);
        let is_proxy = serving.proxies.trust(from);
        match serving.table.admit((!is_proxy).then_some(from), &stop) {
            Ok(place) => drop(open.spawn(serving.clone().connection(stream, from, is_proxy, place))),
            Err(refused) => {
                tracing::debug!(%from, ?refused, "a connection was refused");
                if let Some(leaving) = serving.table.leave() {
                    open.spawn(refused.tell(stream, serving.table.per_address(), leaving));
                }
            }
        }
    }
    drop(listener);
    open.close();
    if tokio::time::timeout(limits.grace, open.wait()).await.is_err() {
        tracing::warn!("some requests did not finish in {} seconds and were cut", limits.grace.as_secs());
    }
}

/// What every connection works with.
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
                        // Half of a head, or an answer that nobody reads.
                        Err(_) if place.is_silent() => return,
                        Err(_) => {}
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::trace!(%error, "a connection broke");
        }
    }
}

async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    // These are about the one connection that was to be accepted.
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "cannot accept connections");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}
