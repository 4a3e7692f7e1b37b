//! Checks any bytes as a manifest: no panic, every place is valid, a manifest only without errors.
#![no_main]

#[path = "../../tests/fuzz/bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::manifest::run(bytes));
