//! What each fuzz target does with one input, and panics about when it finds something. Shared by `tests/fuzz`, which
//! runs on stable Rust, and by the coverage-guided targets of `fuzz`.

// Each target uses a part.
#![allow(dead_code)]

pub mod conversion;
pub mod fixes;
pub mod manifest;
pub mod package;
mod sound;
