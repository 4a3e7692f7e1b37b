//! `krt-console validate PATH...`: the same check as in the browser and at upload, on the command line.

mod annotations;
mod encoding;
mod fix;
mod fix_mode;
mod folder;
mod input;
mod json;
mod sarif;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use fix_mode::FixMode;

/// Text below the options in `--help`.
const AFTER_HELP: &str = "\
Exit codes:
  0  all inputs were accepted
  1  at least one input was rejected
  2  an input cannot be read, or the command line is invalid

`krt-console explain CODE` explains a problem.";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct ValidateArgs {
    /// Packages (*.krt), manifests (*.yml, *.yaml), folders, or - for standard input
    ///
    /// A folder with a krt.yml is checked as the package that `tar -czf my.krt *` would create. Any other folder is
    /// searched for such folders and for packages.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Output format: text for people, json (one object per line), sarif (2.1.0) or github (annotations)
    #[arg(long, value_enum, default_value_t = Format::Text, env = "KRT_CONSOLE_FORMAT")]
    format: Format,

    /// Show safe automatic fixes as a diff and ask before writing them; packages are never changed
    ///
    /// --fix=write writes without asking.
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "ask")]
    fix: Option<Fix>,

    /// URL of the console for the links to rule pages in sarif output, such as https://krt.example.com
    #[arg(long, value_name = "URL", env = "KRT_CONSOLE_PUBLIC_URL")]
    public_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Fix {
    Ask,
    Write,
}

/// Checks all inputs. Exit code 0: all accepted; 1: at least one rejected; 2: at least one cannot be read.
pub fn run(args: ValidateArgs) -> ExitCode {
    let mut out = io::stdout().lock();
    let mut code = 0;
    // SARIF is one document; the other formats are written input by input.
    let mut run = sarif::Run::new(args.public_url.as_deref());
    for input in input::expand(&args.paths) {
        let mut checked = input.check(if args.fix.is_some() { FixMode::Applied } else { FixMode::Offered });
        if let Some(how) = args.fix {
            checked = fix::fix(&input, checked, how == Fix::Write);
        }
        code = code.max(checked.exit_code());
        if let Some(why) = checked.unreadable() {
            eprintln!("krt-console: cannot read {}: {why}", checked.name);
        }
        let written = match args.format {
            Format::Text => write!(out, "{}", text::text(&checked)),
            Format::Json => json::write(&mut out, &checked),
            Format::Github => write!(out, "{}", annotations::annotations(&checked)),
            Format::Sarif => {
                run.add(&checked);
                Ok(())
            }
        };
        if written.is_err() {
            // The reader closed the pipe (`| head`).
            return ExitCode::from(code);
        }
    }
    if args.format == Format::Sarif {
        // As above.
        let _ = run.write(&mut out);
    }
    ExitCode::from(code)
}
