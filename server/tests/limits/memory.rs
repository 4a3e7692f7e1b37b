//! The memory of a burst is returned to the system.

use std::time::{Duration, Instant};

use crate::console::{Console, FORM, MIB};

/// Maximum bytes that may remain allocated.
const KEPT: u64 = 64 * MIB;
/// Timeout for returning memory: it takes some seconds, and more on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends `count` requests at the same time and returns their statuses.
fn at_once(console: &Console, count: usize, send: impl Fn(&Console, usize) -> u16 + Sync) -> Vec<u16> {
    std::thread::scope(|scope| {
        let send = &send;
        let sent: Vec<_> = (0..count).map(|number| scope.spawn(move || send(console, number))).collect();
        sent.into_iter().map(|one| one.join().expect("an answer or none")).collect()
    })
}

/// Waits until little memory remains allocated.
#[track_caller]
fn comes_back(console: &Console, before: u64, what: &str) {
    let begin = Instant::now();
    let more = || console.resident().saturating_sub(before);
    let Some(left) = testing::within(TIMEOUT, || Some(more()).filter(|left| *left <= KEPT)) else {
        panic!("{what}: {} MiB more than before are kept", more() / MIB);
    };
    let (peak, seconds) = (console.peak().saturating_sub(before) / MIB, begin.elapsed().as_secs_f32());
    eprintln!("{what}: +{peak} MiB at the peak, +{} MiB after {seconds:.1} s", left / MIB);
}

#[test]
fn the_memory_of_large_bodies_is_returned_to_the_system() {
    let console = Console::start();
    let cookie = console.sign_in();
    assert_eq!(
        console.post("/runtimes/new", &cookie, "name=Demo&id=demo&idempotency_key=f1").expect("an answer").status,
        303
    );
    let before = console.resident();

    // Some of these may be refused because others are in progress; all are read.
    let form: String = (0..100_000).map(|number| format!("value%3AA{number}=xxxxxxxxxxxxxxxx&")).collect();
    let configuration = "/runtimes/demo/versions/v0/configuration";
    let refused = at_once(&console, 8, |console, _| {
        console.post_as(configuration, &cookie, FORM, &form.as_bytes()[..3_000_000]).map_or(0, |answer| answer.status)
    });
    assert!(!refused.contains(&303), "{refused:?}");
    comes_back(&console, before, "forms of 3 MB");

    // Manifests with as many problems as fit, because their check needs the most memory.
    let manifest: String = (0..60_000).map(|number| format!("unknown-{number}: [x, y]\n")).collect();
    let manifests = at_once(&console, 30, |console, number| upload(console, &cookie, number, manifest.as_bytes()));
    assert!(!manifests.contains(&303), "{manifests:?}");
    comes_back(&console, before, "30 manifests of 1.6 MB");

    let packages = at_once(&console, 30, |console, number| upload(console, &cookie, 100 + number, &package(number)));
    assert!(packages.contains(&303), "{packages:?}");
    comes_back(&console, before, "30 packages of 5 MB");
}

fn upload(console: &Console, cookie: &str, number: usize, file: &[u8]) -> u16 {
    let mut body = Vec::new();
    for (name, value) in [("reason", "a test"), ("idempotency_key", &*format!("form {number}"))] {
        body.extend(format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "--limit\r\nContent-Disposition: form-data; name=\"package\"; filename=\"a.krt\"\r\n\r\n";
    body.extend(head.bytes());
    body.extend(file);
    body.extend(b"\r\n--limit--\r\n");
    let answer = console.post_as("/runtimes/demo/new-version", cookie, "multipart/form-data; boundary=limit", &body);
    answer.map_or(0, |answer| answer.status)
}

/// A valid package with 5 MB of incompressible data.
fn package(number: usize) -> Vec<u8> {
    let mut state = number as u64 + 1;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        // Knuth's MMIX generator: anything that gzip cannot shorten will do.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(5_000_000)
    .collect();
    crate::fixture::pack(&[
        ("krt.yml", crate::fixture::manifest(&format!("v{number}")).as_bytes()),
        ("public_input.proto", b"syntax = \"proto3\";"),
        ("src/greet/main.py", b"def handler(ctx, data):\n    return data\n"),
        ("model.bin", &noise),
    ])
}
