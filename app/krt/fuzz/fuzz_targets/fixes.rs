//! Applies every fix offered for any text: each removes its problem and adds none; so do all of them together.
#![no_main]

#[path = "../../tests/fuzz/bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|text: &str| bodies::fixes::run(text));
