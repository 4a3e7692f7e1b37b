//! `krt-console`: the command line's entry.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
