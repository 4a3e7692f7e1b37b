//! Reads any bytes as a package, and as the tar inside one (with corrected checksums, which chance never finds): the
//! report does not depend on how the bytes arrive.
#![no_main]

#[path = "../../tests/fuzz/bodies/mod.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::package::run(bytes));
