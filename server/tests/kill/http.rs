//! Minimal HTTP client over a plain socket, enough for forms; copes with a server that dies during a request.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// Sends one request and reads the whole response. Returns `None` when the server died before it responded.
pub fn send(address: SocketAddr, request_line: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let mut socket = TcpStream::connect(address).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut head = format!("{request_line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).ok()?;
    // A server may respond and close before it has read the body; a server that died sends no response.
    let _ = socket.write_all(body);
    let mut answer = Vec::new();
    // A connection that breaks after the head still counts as a response.
    let _ = socket.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// Reads the beginning of a response that does not end.
#[allow(dead_code, reason = "the kill tests have no such responses")]
pub fn begins_with(socket: &mut TcpStream, expected: &str) {
    socket.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let mut begin = vec![0; expected.len()];
    socket.read_exact(&mut begin).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&begin), expected);
}

/// Encodes fields as a form does.
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
