//! Limits of what one request, one caller or one broken disk costs: each case runs alone against the real program, with
//! peak memory and response bytes measured. Times are not checked here; `make bench` measures them.
//!
//! `KRT_CONSOLE_BINARY` selects another program to test against the same limits.

mod connections;
mod console;
#[path = "../../src/packages/tests/fixture.rs"]
mod fixture;
#[path = "../kill/http.rs"]
mod http;
mod routes;
mod worst;

mod bodies;
mod uploads;

mod log;
#[path = "../kill/package.rs"]
mod package;
mod store;
mod version;

mod memory;

mod pages;
mod stored;

#[test]
fn a_small_request_needs_little_memory() {
    let console = console::Console::start();
    console.forget_peak();
    let before = console.resident();
    assert_eq!(console.get("/sign-in", "").expect("an answer").status, 200);
    assert!(console.peak() - before <= 32 * console::MIB);
}
