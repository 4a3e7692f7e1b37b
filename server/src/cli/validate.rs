//! `krt-console validate PATH...`: the same check as in the browser and at upload, on the command line.

mod annotations;
mod encoding;
mod fix;
mod folder;
mod input;
mod json;
mod sarif;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use input::Fixes;

/// What `--help` says below the options.
const AFTER_HELP: &str = "\
Exit codes:
  0  everything was accepted
  1  something was refused
  2  something could not be read, or the command line is wrong

`krt-console explain CODE` tells more of a problem.";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct ValidateArgs {
    /// Packages (*.krt), manifests (*.yml, *.yaml), folders, or - for standard input
    ///
    /// A folder with a krt.yml is checked as the package that `tar -czf my.krt *` would make of it; in any other folder,
    /// such folders and all packages below are looked for.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How to tell what was found: text for people, json with one object a line, sarif 2.1.0, github annotations
    #[arg(long, value_enum, default_value_t = Format::Text, env = "KRT_CONSOLE_FORMAT")]
    format: Format,

    /// Show the changes that mend what can be mended safely, and ask before they are written; packages stay as they are
    ///
    /// With --fix=write nothing is asked.
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "ask")]
    fix: Option<Fix>,

    /// The console whose pages sarif names for each code, such as https://krt.example.com
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

/// Checks everything that is named. 0: all accepted; 1: at least one refused; 2: at least one cannot be read.
pub fn run(args: ValidateArgs) -> ExitCode {
    let mut out = io::stdout().lock();
    let mut code = 0;
    // SARIF is one document; the others are told one by one.
    let mut run = sarif::Run::new(args.public_url.as_deref());
    for input in input::expand(&args.paths) {
        let mut checked = input.check(if args.fix.is_some() { Fixes::Applied } else { Fixes::Offered });
        if let Some(how) = args.fix {
            checked = fix::fix(&input, checked, how == Fix::Write);
        }
        code = code.max(checked.exit_code());
        if let Some(why) = checked.unreadable() {
            eprintln!("krt-console: cannot read {}: {why}", checked.name);
        }
        let told = match args.format {
            Format::Text => write!(out, "{}", text::text(&checked)),
            Format::Json => json::write(&mut out, &checked),
            Format::Github => write!(out, "{}", annotations::annotations(&checked)),
            Format::Sarif => {
                run.add(&checked);
                Ok(())
            }
        };
        if told.is_err() {
            // Nobody reads on (`| head`): nothing to say it to.
            return ExitCode::from(code);
        }
    }
    if args.format == Format::Sarif {
        // As above.
        let _ = run.write(&mut out);
    }
    ExitCode::from(code)
}
