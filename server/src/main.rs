//! `krt-console`: the command line's entry.

// The pages' types are deeper than the compiler expects.
#![recursion_limit = "512"]

use std::process::ExitCode;

/// What a burst of large bodies took goes back to the system within some seconds; the system's own allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
