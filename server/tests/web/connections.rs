//! The listener: slow and large request heads, keep-alive, shutdown.

use std::net::SocketAddr;
use std::time::Duration;

use krt::roles::Role;
use server::web::listen::{self, ConnectionLimits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::app::TestApp;

async fn listen(app: &TestApp, limits: ConnectionLimits) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, tokio::spawn(listen::serve(listener, app.router.clone(), limits, app.stop.clone())))
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut text)).await;
    read.expect("the server closes the connection").unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_head_that_arrives_too_slowly_ends_the_connection() {
    let app = TestApp::start().await;
    let limits = ConnectionLimits { head: Duration::from_millis(300), ..ConnectionLimits::default() };
    let (address, _) = listen(&app, limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").await.unwrap();
    let answer = read_to_end(&mut stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let (address, _) = listen(&app, ConnectionLimits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /healthz HTTP/1.1\r\nHost: console.test\r\nX-Long: {}\r\n\r\n", "x".repeat(40_000));
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn one_connection_answers_many_requests() {
    let app = TestApp::start().await;
    let (address, _) = listen(&app, ConnectionLimits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: console.test\r\n\r\n").await.unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: console.test\r\nConnection: close\r\n\r\n").await.unwrap();
    let rest = read_to_end(&mut stream).await;
    assert!(rest.contains("HTTP/1.1 200 OK"), "{rest}");
}

#[tokio::test]
async fn on_shutdown_the_server_closes_its_streams_and_returns() {
    let app = TestApp::start().await;
    let (address, server) = listen(&app, ConnectionLimits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let cookie = app.cookie(Role::Viewer).await;
    let request =
        format!("GET /events HTTP/1.1\r\nHost: console.test\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut begin = [0; 15];
    stream.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200 OK");
    app.stop.cancel();
    let rest = read_to_end(&mut stream).await;
    assert!(rest.contains("retry:") && rest.ends_with("0\r\n\r\n"), "{rest}");
    tokio::time::timeout(Duration::from_secs(5), server).await.expect("the server returns").unwrap();
    app.started.end().await;
}
