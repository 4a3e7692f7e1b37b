//! As much of HTTP as a form needs, over a plain socket: a server that dies in the middle is an answer too.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends one request and reads its answer to the end; `None`: the server died before it had answered.
pub fn send(address: SocketAddr, request_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let mut socket = TcpStream::connect(address).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut head = format!("{request_line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).ok()?;
    // A server that has heard enough answers and closes; one that died answers nothing.
    let _ = socket.write_all(body);
    let mut answer = Vec::new();
    // A connection that breaks after the head was read has answered.
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// Reads the beginning of an answer that does not end.
#[allow(dead_code, reason = "the kill tests have no such answers")]
pub fn begins_with(socket: &mut TcpStream, expected: &str) {
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let mut begin = vec![0; expected.len()];
    socket.read_exact(&mut begin).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&begin), expected);
}

/// Fields as forms send them.
pub fn urlencoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}
