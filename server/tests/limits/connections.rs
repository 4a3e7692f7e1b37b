//! Connections and live streams: one client that holds many open does not block others.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::console::{Console, Start};
use crate::version::{TIMEOUT, status, until};

/// Requests a live stream and reads its beginning.
fn stream(console: &Console, cookie: &str) -> (TcpStream, String) {
    let mut socket = console.connect();
    socket.set_read_timeout(Some(TIMEOUT)).expect("a timeout");
    let (host, accept) = (console.address, "Accept: text/event-stream");
    let request =
        format!("GET /events HTTP/1.1\r\nHost: {host}\r\n{accept}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
    // A refused connection may be closed already.
    let _ = socket.write_all(request.as_bytes());
    let mut first = [0; 64];
    let read = match socket.read(&mut first) {
        Ok(read) => read,
        // Refused, and closed before the request was read.
        Err(error) if error.kind() == ErrorKind::ConnectionReset => 0,
        Err(error) => panic!("neither a response nor an end: {error}"),
    };
    (socket, String::from_utf8_lossy(&first[..read]).into_owned())
}

fn is_open(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 200 ")
}

#[test]
fn streams_of_one_session_leave_descriptors_for_others() {
    let console = Console::start_with(Start { before: "ulimit -n 100", ..Start::default() });
    let (mine, theirs) = (console.cookie_of("viewer"), console.cookie_of("manager"));
    let streams: Vec<_> = (0..120).map(|_| stream(&console, &mine)).collect();
    let open = streams.iter().filter(|(_, answer)| is_open(answer)).count();
    assert_eq!(open, 16, "streams are open");
    assert!(streams.iter().any(|(_, answer)| answer.starts_with("HTTP/1.1 429 ")), "no refused stream got a response");
    for _ in 0..20 {
        assert_eq!(status(console.get("/sign-in", "")), 200);
        assert_eq!(status(console.get("/runtimes", &theirs)), 200);
    }
    let (_theirs, answer) = stream(&console, &theirs);
    assert!(is_open(&answer), "{answer}");
}

#[test]
fn idle_connections_make_room_and_files_can_still_be_opened() {
    let console = Console::start_with(Start { before: "ulimit -n 100", ..Start::default() });
    let cookie = console.cookie_of("admin");
    let mut idle: Vec<_> = (0..60).map(|_| console.connect()).collect();
    for socket in &mut idle {
        // An incomplete request; some of the connections are already closed.
        let _ = socket.write_all(b"GET /sign-in HTTP/1.1\r\nHost: ");
    }
    until("they count as idle and make room", || {
        console.get("/runtimes", &cookie).is_some_and(|page| page.status == 200)
    });
    for _ in 0..40 {
        assert_eq!(status(console.get("/runtimes", &cookie)), 200);
    }
    crate::version::add(&console, &cookie, "v1");
}

#[test]
fn the_soft_limit_of_descriptors_is_raised_to_the_hard_one() {
    let console = Console::start_with(Start { before: "ulimit -Sn 64", ..Start::default() });
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", console.process_id())).expect("Linux");
    let files = limits.lines().find(|line| line.starts_with("Max open files")).expect("a line of it");
    let numbers: Vec<_> = files.split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "{files}");
}

#[test]
fn a_client_with_too_many_connections_gets_a_message() {
    let console = Console::start_with(Start { options: &["--max-connections-per-address", "4"], ..Start::default() });
    let cookie = console.cookie_of("viewer");
    let _streams: Vec<_> = (0..4).map(|_| stream(&console, &cookie)).collect();
    let refused = console.get("/sign-in", "").expect("an answer");
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert!(refused.head.contains("Retry-After: 5") && refused.body.contains("the limit is 4"), "{}", refused.body);
}

#[test]
fn behind_a_trusted_proxy_each_client_counts_for_itself() {
    let options = ["--max-connections-per-address", "2", "--trusted-proxy", "127.0.0.0/8"];
    let console = Console::start_with(Start { options: &options, ..Start::default() });
    let cookie = console.cookie_of("viewer");
    let of = |client: &str| format!("{cookie}\r\nX-Forwarded-For: {client}");
    let streams: Vec<_> = (0..2).map(|_| stream(&console, &of("203.0.113.1"))).collect();
    assert!(streams.iter().all(|(_, answer)| is_open(answer)));
    assert!(stream(&console, &of("203.0.113.1")).1.starts_with("HTTP/1.1 429 "));
    assert!(is_open(&stream(&console, &of("203.0.113.2")).1));
    drop(streams);
    until("the client is served again", || is_open(&stream(&console, &of("203.0.113.1")).1));
}

#[test]
fn a_session_that_expired_has_no_stream_a_minute_later() {
    let console = Console::start();
    let cookie = console.cookie_of("viewer");
    let (mut socket, answer) = stream(&console, &cookie);
    assert!(is_open(&answer), "{answer}");
    let begin = Instant::now();
    console.database().execute("UPDATE sessions SET expires_at = created_at", []).expect("an update");
    socket.set_read_timeout(Some(Duration::from_secs(65))).expect("a timeout");
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).expect("the stream ends");
    assert!(begin.elapsed() < Duration::from_secs(65), "after {:?}", begin.elapsed());
}
