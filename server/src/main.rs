//! `krt-console`: the command line's entry.

// The pages' types are deeper than the compiler expects.
#![recursion_limit = "512"]

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
