//! Converts any text to v2: the result is valid v2 and means the same; a second conversion changes nothing.
#![no_main]

#[path = "../../tests/fuzz/bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|text: &str| bodies::conversion::run(text));
