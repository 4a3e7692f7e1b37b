//! The cost of the worst requests: time and memory, and how the console answers other requests meanwhile.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::console::{Console, MIB, Start};
use crate::worst::{hostile_package, upload_of, worst_bodies};
use crate::{http, median, round, routes};

/// Options for the connections that the figures open, which are more than the defaults allow.
const ROOM: [&str; 4] = ["--max-connections-per-address", "4000", "--max-streams-per-session", "2000"];

/// How long another process holds the writer.
const BLOCKED: Duration = Duration::from_secs(30);

/// How long the allocator has to return memory.
const SETTLE: Duration = Duration::from_secs(10);

pub fn figures(program: &Path) -> Map<String, Value> {
    let mut figures = Map::new();
    worst_anonymous_request(program, &mut figures);
    blocked_writer(program, &mut figures);
    hostile_uploads(program, &mut figures);
    streams(program, &mut figures);
    figures
}

fn start(program: &Path) -> Console {
    Console::start_with(Start { options: &ROOM, program: Some(program), ..Start::default() })
}

/// The slowest of all routes with their worst bodies, by the median of three requests each.
fn worst_anonymous_request(program: &Path, figures: &mut Map<String, Value>) {
    let console = start(program);
    let before = console.resident();
    console.forget_peak();
    let mut worst = (0.0, String::new());
    for route in routes::all() {
        let bytes = route.most_bytes.unwrap_or(8 * MIB as usize);
        let path = routes::path(&route);
        for (what, kind, body) in worst_bodies(&route, bytes) {
            let send = |_| {
                let begin = Instant::now();
                console.send(&format!("{} {path}", route.method), "", kind, &body);
                begin.elapsed().as_secs_f64() * 1_000.0
            };
            let time = median((0..3).map(send).collect());
            if time > worst.0 {
                worst = (time, format!("{} {path}, {what}", route.method));
            }
        }
    }
    let above = console.peak().saturating_sub(before);
    thread::sleep(SETTLE);
    figures.insert("worst_anonymous_request_ms".to_owned(), json!(round(worst.0)));
    figures.insert("worst_anonymous_request".to_owned(), json!(worst.1));
    figures.insert("worst_anonymous_requests_peak_memory_bytes".to_owned(), json!(above));
    let kept = console.resident().saturating_sub(before);
    figures.insert("worst_anonymous_requests_kept_memory_bytes".to_owned(), json!(kept));
}

/// Response times of pages while another process holds the database's writer and 700 strangers try to sign in.
fn blocked_writer(program: &Path, figures: &mut Map<String, Value>) {
    let console = start(program);
    let cookie = console.sign_in();
    let database = console.database();
    database.execute_batch("BEGIN IMMEDIATE").expect("the writer");
    let is_over = AtomicBool::new(false);
    let mut times = Vec::new();
    thread::scope(|scope| {
        for stranger in 0..700 {
            let (console, is_over) = (&console, &is_over);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    console.post("/sign-in", "", &format!("token=of-stranger-{stranger}&next=%2F"));
                    thread::sleep(Duration::from_secs(1));
                }
            });
        }
        let begin = Instant::now();
        while begin.elapsed() < BLOCKED {
            let asked = Instant::now();
            let answer = console.get("/runtimes", &cookie);
            assert_eq!(answer.map(|answer| answer.status), Some(200), "a page while the writer is held");
            times.push(asked.elapsed().as_secs_f64() * 1_000.0);
            thread::sleep(Duration::from_millis(20));
        }
        is_over.store(true, Ordering::Relaxed);
    });
    drop(database);
    times.sort_by(f64::total_cmp);
    figures.insert("page_with_blocked_writer_p99_ms".to_owned(), json!(round(times[times.len() * 99 / 100])));
    figures.insert("page_with_blocked_writer_p50_ms".to_owned(), json!(round(median(times))));
}

fn hostile_uploads(program: &Path, figures: &mut Map<String, Value>) {
    let console = start(program);
    let admin = console.sign_in();
    let fields = "id=demo&name=Demo&description=&namespace=kre-demo&idempotency_key=f1";
    console.post("/runtimes/new", &admin, fields).expect("an answer");
    let body = upload_of(&hostile_package());
    let before = console.resident();
    console.forget_peak();
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                let kind = "multipart/form-data; boundary=limit";
                console.post_as("/runtimes/demo/new-version", &admin, kind, &body)
            });
        }
    });
    let above = console.peak().saturating_sub(before);
    thread::sleep(SETTLE);
    figures.insert("hostile_uploads_40_peak_memory_bytes".to_owned(), json!(above));
    figures.insert("hostile_uploads_40_kept_memory_bytes".to_owned(), json!(console.resident().saturating_sub(before)));
}

/// Memory of a thousand live streams, and what remains after they end.
fn streams(program: &Path, figures: &mut Map<String, Value>) {
    let console = start(program);
    let cookie = console.sign_in();
    let before = console.resident();
    let open = |_| {
        let mut socket = console.connect();
        let head = format!("GET /events HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n", console.address);
        socket.write_all(head.as_bytes()).expect("a request");
        http::begins_with(&mut socket, "HTTP/1.1 200");
        socket
    };
    let sockets: Vec<_> = (0..1_000).map(open).collect();
    let with = console.resident().saturating_sub(before);
    drop(sockets);
    thread::sleep(SETTLE);
    figures.insert("streams_1000_memory_bytes".to_owned(), json!(with));
    figures.insert("streams_1000_kept_memory_bytes".to_owned(), json!(console.resident().saturating_sub(before)));
}
