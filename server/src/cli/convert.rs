//! `krt-console convert FILE`: a manifest of KRT v1 in the form of v2, with its comments, order and quoting.

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
  0  converted, or of v2 already
  1  it has errors, or cannot be converted without changing what it says
  2  something could not be read or written, or the command line is wrong")]
pub struct ConvertArgs {
    /// A manifest (krt.yml), or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write to this file, which may be the manifest itself, instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Converts, and says what stands in the way.
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
                eprintln!("krt-console: cannot write: {error}");
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
    // One byte more than allowed is enough to be told that there are too many.
    let most = krt::check::MAX_TEXT as u64 + 1;
    let mut bytes = Vec::new();
    if args.file.as_os_str() == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(&args.file)?.take(most).read_to_end(&mut bytes)?;
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let why = "it is a package: unpack it, and convert its krt.yml";
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not encoded as UTF-8: save it so first"))
}

fn write(args: &ConvertArgs, text: &str) -> io::Result<()> {
    match &args.output {
        None => io::stdout().lock().write_all(text.as_bytes()),
        Some(output) if fs::exists(output)? => replace::replace(output, text.as_bytes()),
        Some(output) => OpenOptions::new().write(true).create_new(true).open(output)?.write_all(text.as_bytes()),
    }
}
