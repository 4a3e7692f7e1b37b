//! The store while another process holds its write lock, and idempotency keys reused with different content.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::console::{Console, Start};
use crate::fixture;
use crate::http::{self, Answer};
use crate::version::{TIMEOUT, until};

/// Concurrent sign-ins: more than a runtime's threads for blocking work.
const SIGN_INS: usize = 700;

/// If each sign-in blocked a thread, all threads for blocking work would exist (tokio: 512). What the console documents
/// needs far fewer: eight reads, one write and sixteen pages at a time, the runtime's own threads, and those that a
/// busy machine has not ended yet.
const MOST_THREADS: u64 = 512 / 2;

/// Writes wait at most five seconds; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(9);

/// Holds the write lock, as another process would, until dropped.
fn hold_the_writer(console: &Console) -> rusqlite::Connection {
    let other = console.database();
    other.execute_batch("BEGIN IMMEDIATE").expect("the writer's lock");
    other
}

/// Sends a sign-in with an invalid link without reading the response.
fn sign_in_with_nonsense(console: &Console, number: usize) -> TcpStream {
    let mut socket = console.connect();
    let body = format!("token=nonsense{number}");
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nAccept: text/html\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{body}",
        console.address,
        body.len()
    );
    socket.write_all(head.as_bytes()).expect("a request");
    socket.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    socket
}

#[track_caller]
fn within<T>(most: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = work();
    let took = begin.elapsed();
    assert!(took <= most, "{what} took {took:?}");
    result
}

#[track_caller]
fn answered(answer: Option<Answer>, status: u16, words: &str) -> Answer {
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(words), "{words:?} is not in {}", answer.body);
    answer
}

#[test]
fn while_another_process_writes_pages_are_served_and_writes_are_busy() {
    let limits = ["--max-connections-per-address", "2000"];
    let console = Console::start_with(Start { options: options(&limits), ..Start::default() });
    let admin = console.sign_in();
    // The session expires in a day, and the settings say a week, so its next use would extend it.
    let viewer = console.cookie_of("viewer");
    let other = hold_the_writer(&console);
    let mut strangers: Vec<_> = (0..SIGN_INS).map(|number| sign_in_with_nonsense(&console, number)).collect();
    let mut threads = console.threads();
    for _ in 0..3 {
        within(SOON, "/healthz", || answered(console.get("/healthz", ""), 200, "ok"));
        within(SOON, "a page", || answered(console.get("/runtimes", &viewer), 200, "Runtimes"));
        threads = threads.max(console.threads());
    }
    within(SOON, "an action", || {
        let form = http::urlencoded(&[("name", "Demo"), ("id", "demo"), ("idempotency_key", "f1")]);
        let answer =
            answered(console.post("/runtimes/new", &admin, &form), 503, "The console is busy. Nothing was changed;");
        assert!(answer.head.to_lowercase().contains("retry-after:"), "{}", answer.head);
    });
    within(SOON, "/readyz", || answered(console.get("/readyz", ""), 503, "busy"));
    for stranger in &mut strangers {
        let mut answer = String::new();
        let _ = stranger.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        threads = threads.max(console.threads());
    }
    assert!(threads <= MOST_THREADS, "{threads} threads");
    drop(other);
    until("it is ready again", || console.get("/readyz", "").expect("an answer").status == 200);
    answered(console.get("/runtimes", &viewer), 200, "No runtimes yet");
}

/// The options, unless an older program does not support them.
fn options<'a>(options: &'a [&'a str]) -> &'a [&'a str] {
    let help = std::process::Command::new(crate::console::program()).args(["serve", "--help"]).output().expect("help");
    if String::from_utf8_lossy(&help.stdout).contains(options[0]) { options } else { &[] }
}

#[test]
fn a_sign_out_that_cannot_be_stored_says_so_and_is_effective() {
    let console = Console::start();
    let cookie = console.sign_in();
    let mut stream = console.connect();
    let head = format!("GET /events HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", console.address);
    stream.write_all(head.as_bytes()).expect("a request");
    stream.set_read_timeout(Some(SOON)).expect("a timeout");
    let mut events = String::new();
    read_until(&mut stream, "retry: 1000", &mut events);
    let other = hold_the_writer(&console);
    let answer = answered(console.post("/sign-out", &cookie, ""), 503, "could not be saved yet");
    assert!(answer.head.contains("Max-Age=0"), "{}", answer.head);
    assert_eq!(console.get("/runtimes", &cookie).expect("an answer").status, 303);
    // The end of the body; the connection stays open.
    read_until(&mut stream, "\r\n0\r\n\r\n", &mut events);
    drop(other);
    let database = console.database();
    until("the sign-out is recorded", || {
        database.query_row("SELECT COUNT(*) FROM sessions", [], |row| row.get::<_, i64>(0)).expect("a number") == 0
    });
    assert_eq!(console.get("/runtimes", &cookie).expect("an answer").status, 303);
}

#[track_caller]
fn read_until(stream: &mut TcpStream, words: &str, read: &mut String) {
    let begin = Instant::now();
    while !read.contains(words) {
        assert!(begin.elapsed() < TIMEOUT, "{words:?} is not in {read}");
        let mut bytes = [0; 1024];
        let count = stream.read(&mut bytes).unwrap_or_else(|error| panic!("{error} after {read}"));
        assert!(count > 0, "{read}");
        *read += &String::from_utf8_lossy(&bytes[..count]);
    }
}

#[test]
fn a_link_that_cannot_be_stored_is_neither_printed_nor_announced() {
    let console = Console::start();
    let other = hold_the_writer(&console);
    answered(console.post("/sign-in/link", "", ""), 503, "No link was printed. The console is busy");
    answered(console.post("/sign-in/link", "", ""), 503, "No link was printed.");
    drop(other);
    assert_eq!(console.printed(), "");
    // Ten seconds after a request, the next one is accepted.
    until("a link is printed again", || {
        console.post("/sign-in/link", "", "");
        console.printed().contains("/sign-in?token=")
    });
}

/// The upload form as a browser sends it.
fn upload(console: &Console, cookie: &str, reason: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("reason", reason), ("idempotency_key", "f1")] {
        body.extend(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "form-data; name=\"package\"; filename=\"greeter.krt\"\r\nContent-Type: application/octet-stream";
    body.extend(format!("--limit\r\nContent-Disposition: {head}\r\n\r\n").bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let kind = "multipart/form-data; boundary=limit";
    console.post_as("/runtimes/demo/new-version", cookie, kind, &body).expect("an answer")
}

#[test]
fn a_form_sent_again_with_different_content_is_rejected_and_leaves_nothing() {
    let console = Console::start();
    let cookie = console.sign_in();
    let create = |description: &str| {
        let fields = [("name", "Demo"), ("id", "demo"), ("description", description), ("idempotency_key", "f0")];
        console.post("/runtimes/new", &cookie, &http::urlencoded(&fields)).expect("an answer")
    };
    assert_eq!([create("one").status, create("one").status, create("two").status], [303, 303, 409]);
    let files = || std::fs::read_dir(console.data().join("packages")).expect("a folder").count();
    let first = fixture::package("v1");
    let other = fixture::package_of(&fixture::manifest("v1").replace("Greets whoever", "Ignores whoever"));
    assert_eq!(upload(&console, &cookie, "one", &first).status, 303);
    assert_eq!(upload(&console, &cookie, "one", &first).status, 303);
    let before = files();
    let words = "This form was already sent with different content. Nothing was changed.";
    answered(Some(upload(&console, &cookie, "one", &other)), 409, words);
    answered(Some(upload(&console, &cookie, "two", &first)), 409, words);
    assert_eq!(files(), before);
}
