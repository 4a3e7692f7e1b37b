//! `krt-console convert FILE`: converts a KRT v1 manifest to v2 and keeps its comments, order and quoting.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use krt::convert::to_v2;
use krt::diagnostic::render;

use super::replace;

#[derive(Args, Debug)]
#[command(after_help = "\
Exit codes:
  0  converted, or already v2
  1  the manifest has errors, or cannot be converted without changing its meaning
  2  a file cannot be read or written, or the command line is invalid")]
pub struct ConvertArgs {
    /// A manifest (krt.yml), or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write to this file instead of standard output; may be the input file itself
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Converts the manifest, or prints the diagnostics that prevent the conversion.
pub fn run(args: &ConvertArgs) -> ExitCode {
    let name = args.file.display();
    let text = match read(args) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("krt-console: cannot read {name}: {error}");
            return ExitCode::from(2);
        }
    };
    match to_v2(&text) {
        Ok(converted) => match write(args, &converted) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("krt-console: cannot write the converted manifest: {error}");
                ExitCode::from(2)
            }
        },
        Err(why) => {
            for found in why {
                eprintln!("{}", render::render(&found, &name.to_string(), Some(&text)));
            }
            eprintln!("{name}: not converted");
            ExitCode::from(1)
        }
    }
}

fn read(args: &ConvertArgs) -> io::Result<String> {
    // One byte above the limit is enough for the check to report a manifest that is too large.
    let most = krt::check::MAX_TEXT as u64 + 1;
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(&args.file)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let why = "this is a package; unpack it and convert its krt.yml";
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8; save the manifest as UTF-8 first"))
}

fn write(args: &ConvertArgs, text: &str) -> io::Result<()> {
    match &args.output {
        None => io::stdout().lock().write_all(text.as_bytes()),
        Some(output) if fs::exists(output)? => replace::replace(output, text.as_bytes()),
        Some(output) => OpenOptions::new().write(true).create_new(true).open(output)?.write_all(text.as_bytes()),
    }
}
