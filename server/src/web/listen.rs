//! The socket: HTTP/1.1 with keep-alive, with limits on what a connection may cost before it has asked anything, and an
//! end that lets requests finish.

use std::io;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// The longest head: what proxies allow as well (nginx: 4 × 8 KiB).
const HEAD_SIZE: usize = 32 * 1024;
/// Browsers send about twenty headers.
const MAX_HEADERS: usize = 100;
/// The pause after an `accept` that failed for want of file descriptors or memory: hyper's and Go's habit.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// How long a connection may take for what.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a request's head to arrive, and to idle between two requests.
    pub head: Duration,
    /// For requests to finish once the server is told to end.
    pub grace: Duration,
}

impl Default for Limits {
    /// 30 s: hyper's own. 8 s: less than the 10 s after which Docker kills.
    fn default() -> Limits {
        Limits { head: Duration::from_secs(30), grace: Duration::from_secs(8) }
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
    let service = TowerToHyperService::new(router);
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                pause_after(&error).await;
                continue;
            }
        };
        // A server-sent event is a small packet that somebody waits for.
        let _ = TcpStream::set_nodelay(&stream, true);
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service.clone()));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in {} seconds and were cut", limits.grace.as_secs());
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
