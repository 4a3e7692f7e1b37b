//! A test console, callers of each role, and requests as browsers send them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use app::model::{Caller, NewRuntime};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use bytes::Bytes;
use clap::{Args, Command, FromArgMatches};
use http_body_util::BodyExt;
use krt::roles::Role;
use server::settings::Settings;
use server::start::{Started, start};
use server::store::{Redeemed, SESSION_LIFE};
use server::web::{self, Links, Route};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The public URL of the test console.
pub const ORIGIN: &str = "http://console.test";

pub struct TestApp {
    pub started: Started,
    pub router: Router,
    pub routes: Vec<Route>,
    pub terminal: Terminal,
    pub stop: CancellationToken,
    pub folder: TempDir,
}

impl TestApp {
    /// Starts a console with an empty store.
    pub async fn start() -> TestApp {
        TestApp::start_with(&["--public-url", ORIGIN]).await
    }

    /// Starts a console with these options.
    pub async fn start_with(options: &[&str]) -> TestApp {
        let folder = TempDir::new().unwrap();
        let settings = settings(&folder, options);
        let started = start(&settings).await.unwrap();
        let (terminal, stop) = (Terminal::default(), CancellationToken::new());
        let public_url = settings.public_url.clone().unwrap();
        let web = started.web(&settings, public_url, Links::new(terminal.clone()), stop.clone());
        let (router, routes) = web::router(web);
        TestApp { started, router, routes, terminal, stop, folder }
    }

    /// The session cookie of a user of this role.
    pub async fn cookie(&self, role: Role) -> String {
        let caller = self.caller(role).await;
        let link = self.started.store.create_sign_in_link(caller.id).await.unwrap();
        let redeemed = self.started.store.redeem_sign_in_link(&link, SESSION_LIFE).await.unwrap();
        let Redeemed::SignedIn { token, .. } = redeemed else { panic!("{redeemed:?}") };
        format!("krt-console-{}={token}", self.started.store.instance())
    }

    pub async fn caller(&self, role: Role) -> Caller {
        self.started.store.ensure_user(&format!("the {}", role.as_str()), role).await.unwrap()
    }

    /// Creates a runtime with this ID.
    pub async fn runtime(&self, id: &str) {
        let new = NewRuntime {
            id: id.to_owned(),
            name: format!("Runtime {id}"),
            namespace: format!("kre-{id}"),
            idempotency_key: format!("runtime {id}"),
            ..NewRuntime::default()
        };
        self.started.store.create_runtime(&self.caller(Role::Admin).await, new).await.unwrap();
    }

    /// Creates a stopped version with this name.
    pub async fn version(&self, runtime: &str, version: &str) {
        let form = format!("version {version}");
        let upload = crate::upload::multipart(
            &[("reason", "a test"), ("idempotency_key", &form)],
            &crate::package::package(version),
        );
        let path = format!("/runtimes/{runtime}/new-version");
        let answer =
            self.send(self.post(&path).cookie(&self.cookie(Role::Manager).await).json().multipart(upload)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }

    pub fn get(&self, path: &str) -> Sent {
        Sent(Request::get(path).header(header::HOST, "console.test").header(header::ACCEPT, "text/html"), Body::empty())
    }

    pub fn post(&self, path: &str) -> Sent {
        Sent(
            Request::post(path).header(header::HOST, "console.test").header(header::ACCEPT, "text/html"),
            Body::empty(),
        )
        .header(header::ORIGIN.as_str(), ORIGIN)
    }

    /// Sends a request and reads the whole response.
    pub async fn send(&self, sent: Sent) -> Answer {
        let request = sent.request();
        let what = format!("{} {}", request.method(), request.uri());
        let answer =
            tokio::time::timeout(std::time::Duration::from_secs(8), self.router.clone().oneshot(request)).await;
        let response = answer.unwrap_or_else(|_| panic!("no answer to {what}")).unwrap();
        let (parts, body) = response.into_parts();
        let bytes = tokio::time::timeout(std::time::Duration::from_secs(8), body.collect()).await;
        let bytes = bytes.unwrap_or_else(|_| panic!("no end of the answer to {what}")).unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }
}

fn settings(folder: &TempDir, options: &[&str]) -> Settings {
    let fixed = ["test", "--cluster-speed", "100", "--data"];
    let data = folder.path().join("data");
    // The tests must not depend on whether the front end was built.
    let no_site: &[&str] = if options.contains(&"--site") { &[] } else { &["--site", "/nowhere"] };
    let arguments = fixed.into_iter().chain([data.to_str().unwrap()]).chain(no_site.iter().chain(options).copied());
    // The tests must not depend on the environment.
    let command = Settings::augment_args(Command::new("test")).mut_args(|argument| argument.env(None::<&str>));
    Settings::from_arg_matches(&command.get_matches_from(arguments)).unwrap()
}

/// A request that is being built.
pub struct Sent(axum::http::request::Builder, Body);

impl Sent {
    /// A request with few headers, as simple programs send it.
    pub fn of(method: Method, path: &str) -> Sent {
        Sent(Request::builder().method(method).uri(path).header(header::HOST, "console.test"), Body::empty())
    }

    pub fn header(self, name: &str, value: &str) -> Sent {
        let mut builder = self.0;
        builder.headers_mut().unwrap().insert(name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap());
        Sent(builder, self.1)
    }

    pub fn without(mut self, name: header::HeaderName) -> Sent {
        self.0.headers_mut().unwrap().remove(name);
        self
    }

    pub fn cookie(self, cookie: &str) -> Sent {
        self.header("cookie", cookie)
    }

    /// Asks for JSON.
    pub fn json(self) -> Sent {
        self.header("accept", "application/json")
    }

    pub fn form(self, fields: &[(&str, &str)]) -> Sent {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let sent = self.header("content-type", "application/x-www-form-urlencoded");
        Sent(sent.0, Body::from(body))
    }

    pub fn arguments(self, arguments: &serde_json::Value) -> Sent {
        let sent = self.header("content-type", "application/json").json();
        Sent(sent.0, Body::from(arguments.to_string()))
    }

    pub fn multipart(self, body: Vec<u8>) -> Sent {
        self.multipart_of(Body::from(body))
    }

    pub fn multipart_of(self, body: Body) -> Sent {
        Sent(self.header("content-type", "multipart/form-data; boundary=limit").0, body)
    }

    /// Sends bytes with this content type.
    pub fn body(self, kind: &str, bytes: Vec<u8>) -> Sent {
        Sent(self.header("content-type", kind).0, Body::from(bytes))
    }

    pub fn request(self) -> Request<Body> {
        self.0.body(self.1).unwrap()
    }
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Answer {
        // The renderer splits text with markers, and browsers join it again.
        let text = self.body.replace("<!>", "").replace("&#x27;", "'").replace("&quot;", "\"");
        assert!(text.contains(words), "{words:?} is not in {text}");
        self
    }

    #[track_caller]
    pub fn leads_to(&self, path: &str) -> &Answer {
        assert_eq!((self.status, self.header("location")), (StatusCode::SEE_OTHER, path), "{}", self.body);
        self
    }

    pub fn data(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Captures what the console prints to its terminal.
#[derive(Clone, Default)]
pub struct Terminal(Arc<Mutex<Vec<u8>>>);

impl Terminal {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
