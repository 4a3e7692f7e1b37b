//! What one request, one caller or one broken disk may cost the others: each case alone against the real program, its
//! peak memory and its bytes counted. Times are not judged here; `make bench` measures them.
//!
//! `KRT_CONSOLE_BINARY` names another program to hold against the same limits.

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
fn a_console_that_is_asked_little_needs_little() {
    let console = console::Console::start();
    console.forget_peak();
    let before = console.resident();
    assert_eq!(console.get("/sign-in", "").expect("an answer").status, 200);
    assert!(console.peak() - before <= 32 * console::MIB);
}
