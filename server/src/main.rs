//! `krt-console`: the entry point of the command line.

// The types of the pages nest deeper than the compiler's default limit.
#![recursion_limit = "512"]

use std::process::ExitCode;

/// Returns the memory of a burst of large bodies to the system within seconds; the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
