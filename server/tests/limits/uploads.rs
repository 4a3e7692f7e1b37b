//! Uploads that are rejected before, or without, reading their file.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use crate::console::{Console, MIB};
use crate::version::until;
use crate::worst::{hostile_package, upload_of};

const PATH: &str = "/runtimes/demo/new-version";

fn demo() -> (Console, String) {
    let console = Console::start();
    let admin = console.sign_in();
    let fields = "id=demo&name=Demo&description=&namespace=kre-demo&idempotency_key=f1";
    assert_eq!(console.post("/runtimes/new", &admin, fields).expect("an answer").status, 303);
    (console, admin)
}

/// Sends an upload of `announced` bytes, piece by piece, until the server stops reading. Returns the response and the
/// number of bytes sent.
fn send_endlessly(console: &Console, cookie: &str, begin: &str, announced: u64) -> (String, u64) {
    let mut socket = console.connect();
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    socket.set_write_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\
         Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: {announced}\r\n\r\n{begin}",
        console.address
    );
    socket.write_all(head.as_bytes()).expect("a head");
    let piece = vec![b'x'; 64 * 1024];
    let mut sent = begin.len() as u64;
    while sent < announced {
        let size = piece.len().min((announced - sent) as usize);
        match socket.write(&piece[..size]) {
            Ok(size) => sent += size as u64,
            Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => break,
            Err(error) => panic!("{error} after {sent} bytes"),
        }
    }
    // After the last byte or after the server closed, as browsers do.
    let mut answer = vec![0; 1024];
    let size = socket.read(&mut answer).unwrap_or_else(|error| panic!("no response after {sent} bytes: {error}"));
    (String::from_utf8_lossy(&answer[..size]).into_owned(), sent)
}

#[test]
fn an_upload_without_permission_is_rejected_before_a_byte_is_parsed() {
    let (console, _) = demo();
    let viewer = console.cookie_of("viewer");
    for cookie in [viewer.as_str(), ""] {
        console.forget_peak();
        let before = console.resident();
        let (answer, sent) = send_endlessly(&console, cookie, "", 256 * MIB);
        assert!(answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 401"), "{answer:?}");
        assert!(sent < 32 * MIB, "{} MiB were taken", sent / MIB);
        assert!(console.peak().saturating_sub(before) <= 32 * MIB);
    }
}

#[test]
fn a_form_that_never_reaches_its_file_is_rejected_early() {
    let (console, admin) = demo();
    for begin in ["", "--limit\r\nX-Endless: ", "--limit\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\n"] {
        console.forget_peak();
        let before = console.resident();
        let (answer, sent) = send_endlessly(&console, &admin, begin, 256 * MIB);
        assert!(answer.starts_with("HTTP/1.1 422"), "{begin:?}: {answer:?}");
        assert!(sent < 32 * MIB, "{begin:?}: {} MiB were taken", sent / MIB);
        assert!(console.peak().saturating_sub(before) <= 32 * MIB, "{begin:?}");
    }
}

#[test]
fn a_file_announced_as_too_large_is_rejected_before_it_is_sent() {
    let (console, admin) = demo();
    let mut socket = console.connect();
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {admin}\r\nAccept: text/html\r\n\
         Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: {1}\r\n\r\n",
        console.address,
        10_u64 << 30
    );
    let begin = Instant::now();
    socket.write_all(head.as_bytes()).expect("a head");
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 422");
    // The server closes the connection soon after.
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).expect("an end");
    assert!(String::from_utf8_lossy(&rest).contains("larger than 1 GiB"));
    assert!(begin.elapsed() < Duration::from_secs(25), "took {:?}", begin.elapsed());
}

#[test]
fn many_concurrent_hostile_uploads_leave_no_memory_behind() {
    let (console, admin) = demo();
    let before = console.resident();
    let package = hostile_package();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let send = || {
            let body = upload_of(&package);
            let kind = "multipart/form-data; boundary=limit";
            console.post_as(PATH, &admin, kind, &body).expect("an answer").status
        };
        let sending: Vec<_> = (0..40).map(|_| scope.spawn(send)).collect();
        sending.into_iter().map(|sending| sending.join().expect("a status")).collect()
    });
    assert!(statuses.iter().all(|status| [422, 503].contains(status)), "{statuses:?}");
    assert!(statuses.contains(&422), "{statuses:?}");
    until("the memory is returned", || console.resident() <= before + 64 * MIB);
}
