//! An API server that misbehaves on demand: a real TCP listener in front of the embedded cluster.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use serde_json::json;
use server::cluster::Connection;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// What the proxy does to requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Fault {
    #[default]
    None,
    /// Accepts requests and never responds; open watches stay silent, too.
    Hang,
    /// Responds after this time.
    Delay(Duration),
    /// 429 with `Retry-After` in seconds.
    Throttle(u64),
    /// 403 for paths that contain one of these.
    Forbid(Vec<&'static str>),
    /// 409 for this many writes other than those of Leases.
    Conflict(u32),
    /// 410 for every watch that resumes at a resource version.
    Expired,
    /// Accepts connections and closes them at once.
    Drop,
    /// Lets so many calls pass (watches do not count), and fails the next one; afterwards, there is no fault.
    Once(u32, Failure),
}

/// How one call fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// An error status: code and reason.
    Status(u16, &'static str),
    /// The call is not made, and the connection breaks.
    RequestLost,
    /// The call is made, and the connection breaks before its response is read.
    ResponseLost,
}

/// How streamed responses end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Streams {
    /// The connection breaks in the middle.
    Cut,
    /// An ERROR event with 410, as after a compaction of etcd.
    Expire,
}

#[derive(Clone)]
pub struct Proxy(Arc<Inner>);

struct Inner {
    target: Router,
    fault: Mutex<Fault>,
    streams: watch::Sender<Streams>,
    calls: Mutex<Vec<(Instant, String)>>,
    address: Mutex<Option<SocketAddr>>,
    running: Mutex<CancellationToken>,
}

impl Proxy {
    /// Writes a kubeconfig for this proxy into this folder.
    pub fn connection(&self, folder: &Path) -> Connection {
        let file = folder.join("kubeconfig.yaml");
        std::fs::write(&file, embedded_cluster::kubeconfig(self.address())).unwrap();
        Connection::Kubeconfig { file: Some(file), context: None }
    }

    pub async fn start(target: Router) -> Proxy {
        let proxy = Proxy(Arc::new(Inner {
            target,
            fault: Mutex::default(),
            streams: watch::Sender::new(Streams::Cut),
            calls: Mutex::default(),
            address: Mutex::default(),
            running: Mutex::default(),
        }));
        proxy.come_back().await;
        proxy
    }

    pub fn address(&self) -> SocketAddr {
        self.0.address.lock().unwrap().unwrap()
    }

    pub fn fault(&self, fault: Fault) {
        *self.0.fault.lock().unwrap() = fault;
    }

    /// Refuses new connections, and breaks open ones.
    pub fn go_away(&self) {
        self.0.running.lock().unwrap().cancel();
        self.end_streams(Streams::Cut);
    }

    /// Listens again, at the same address.
    pub async fn come_back(&self) {
        let known = *self.0.address.lock().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(known.unwrap_or_else(|| "127.0.0.1:0".parse().unwrap())).unwrap();
        let listener = socket.listen(1024).unwrap();
        *self.0.address.lock().unwrap() = Some(listener.local_addr().unwrap());
        let running = CancellationToken::new();
        *self.0.running.lock().unwrap() = running.clone();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(serve(listener, router, running, self.clone()));
    }

    /// Breaks every open watch; the cluster keeps responding.
    pub fn cut_streams(&self) {
        self.end_streams(Streams::Cut);
    }

    /// Ends every open watch because its resource version is too old.
    pub fn expire_streams(&self) {
        self.end_streams(Streams::Expire);
    }

    fn end_streams(&self, how: Streams) {
        self.0.streams.send_replace(how);
    }

    /// Method and path of every call so far, oldest first; `CONNECT` for a connection that was dropped.
    pub fn calls(&self) -> Vec<String> {
        self.0.calls.lock().unwrap().iter().map(|(_, call)| call.clone()).collect()
    }

    /// When these calls were made.
    pub fn times(&self, call: &str) -> Vec<Instant> {
        self.0.calls.lock().unwrap().iter().filter(|(_, made)| made == call).map(|(at, _)| *at).collect()
    }

    /// Whether the fault of [`Fault::Once`] has happened.
    pub fn is_over(&self) -> bool {
        *self.0.fault.lock().unwrap() == Fault::None
    }

    fn note(&self, call: String) {
        self.0.calls.lock().unwrap().push((Instant::now(), call));
    }

    /// How this call fails, if it is its turn.
    fn failure(&self) -> Option<Failure> {
        let mut fault = self.0.fault.lock().unwrap();
        let Fault::Once(left, failure) = *fault else { return None };
        *fault = if left == 0 { Fault::None } else { Fault::Once(left - 1, failure) };
        (left == 0).then_some(failure)
    }
}

/// Serves until `running` is canceled, then drops all open connections.
async fn serve(listener: TcpListener, router: Router, running: CancellationToken, proxy: Proxy) {
    use hyper_util::rt::TokioIo;
    use hyper_util::service::TowerToHyperService;
    while let Some(Ok((socket, _))) = running.run_until_cancelled(listener.accept()).await {
        if *proxy.0.fault.lock().unwrap() == Fault::Drop {
            proxy.note("CONNECT".to_owned());
            continue;
        }
        let (router, running) = (router.clone(), running.clone());
        tokio::spawn(async move {
            let service = TowerToHyperService::new(router);
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service);
            let _ = running.run_until_cancelled(connection).await;
        });
    }
}

async fn answer(State(proxy): State<Proxy>, request: Request) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    proxy.note(format!("{} {path}", request.method()));
    let is_watch = path.contains("watch=true");
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
    let fault = proxy.0.fault.lock().unwrap().clone();
    match fault {
        Fault::None | Fault::Drop => {}
        Fault::Hang => std::future::pending().await,
        Fault::Delay(time) => tokio::time::sleep(time).await,
        Fault::Throttle(seconds) => {
            let answer = status(429, "TooManyRequests", "the server has received too many requests");
            return ([(header::RETRY_AFTER, seconds.to_string())], answer).into_response();
        }
        Fault::Forbid(parts) => {
            if parts.iter().any(|part| path.contains(part)) {
                return status(403, "Forbidden", &format!("{path} is forbidden to this user"));
            }
        }
        Fault::Conflict(left) => {
            if left > 0 && is_write && !path.contains("/leases") {
                proxy.fault(Fault::Conflict(left - 1));
                return status(409, "Conflict", "the object has been modified; please apply your changes again");
            }
        }
        Fault::Expired => {
            if is_watch && !path.contains("resourceVersion=0") {
                return status(410, "Expired", "too old resource version: 1 (2)");
            }
        }
        Fault::Once(..) if is_watch => {}
        Fault::Once(..) => match proxy.failure() {
            None => {}
            Some(Failure::Status(code, reason)) => return status(code, reason, "a failure of this call"),
            Some(Failure::RequestLost) => return broken(),
            Some(Failure::ResponseLost) => {
                let response = proxy.0.target.clone().oneshot(request).await.into_response();
                response.into_body().into_data_stream().for_each(|_| std::future::ready(())).await;
                return broken();
            }
        },
    }
    let mut ends = proxy.0.streams.subscribe();
    let after = ends.clone();
    let response = proxy.0.target.clone().oneshot(request).await.into_response();
    if !is_watch {
        return response;
    }
    let (parts, body) = response.into_parts();
    let events = body.into_data_stream().map(|piece| piece.map_err(|error| std::io::Error::other(error.to_string())));
    let ended = async move { drop(ends.changed().await) };
    let last = futures::stream::iter([after]).filter_map(|ends| {
        let how = *ends.borrow();
        let is_ended = ends.has_changed().unwrap_or(false);
        std::future::ready(is_ended.then_some(match how {
            Streams::Cut => Err(std::io::Error::other("cut")),
            Streams::Expire => Ok(expired()),
        }))
    });
    Response::from_parts(parts, Body::from_stream(events.take_until(ended).chain(last)))
}

/// A response in which the connection breaks.
fn broken() -> Response {
    let cut = futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut"))]);
    Response::new(Body::from_stream(cut))
}

fn expired() -> Bytes {
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": 410,
        "reason": "Expired", "message": "The resourceVersion for the provided watch is too old."});
    Bytes::from(format!("{}\n", json!({"type": "ERROR", "object": status})))
}

fn status(code: u16, reason: &str, message: &str) -> Response {
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": reason,
        "code": code, "message": message});
    let code = StatusCode::from_u16(code).unwrap();
    (code, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
