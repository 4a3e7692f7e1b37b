//! `krt-console explain CODE`: what a problem means and how to fix it, with the text of the console's rule pages.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;
use krt::rule_pages::{Example, ExampleKind, near, page};
use krt::rules::{self, Area};

/// Width of wrapped text, in columns.
const WIDTH: usize = 100;

#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Rule code, as in `error[subscription-unknown]`
    #[arg(required_unless_present = "list")]
    code: Option<String>,

    /// List all rule codes and what each rule requires
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

/// Prints the explanation. Returns exit code 0, or 2 for an unknown code.
pub fn run(args: &ExplainArgs) -> ExitCode {
    let Some(code) = &args.code else { return print(&list()) };
    // A code may be given as reports print it: `error[name-form]`.
    let code = code.trim();
    let code = code.split_once('[').and_then(|(_, code)| code.strip_suffix(']')).unwrap_or(code);
    match explained(code) {
        Some(text) => print(&text),
        None => {
            let near = near(code);
            let help = match near[..] {
                [] => "list all codes with `krt-console explain --list`".to_owned(),
                _ => format!("did you mean {}?", near.join(", ")),
            };
            eprintln!("krt-console: unknown rule code `{code}`; {help}");
            ExitCode::from(2)
        }
    }
}

fn print(text: &str) -> ExitCode {
    // The reader may have closed the pipe (`| head`).
    let _ = io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn list() -> String {
    let mut out = String::new();
    let width = rules::ALL.iter().map(|rule| rule.code.len()).max().unwrap_or_default();
    for area in Area::ALL {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{}", area.title());
        for rule in rules::ALL.iter().filter(|rule| rule.area == *area) {
            let _ = writeln!(out, "  {:width$}  {:7}  {}", rule.code, rule.severity.as_str(), rule.title);
        }
        out.push('\n');
    }
    out.pop();
    out
}

fn explained(code: &str) -> Option<String> {
    let (rule, page) = (rules::find(code)?, page(code)?);
    let mut out = format!("{} ({})\nRule: {}\n\n", rule.code, rule.severity.as_str(), rule.title);
    out += &wrapped(page.why);
    out.push('\n');
    out += &wrapped(&format!("Source: {}", page.source));
    out += &format!("\nWrong:\n\n{}\nRight:\n\n{}\n", example(&page.wrong), example(&page.right));
    out += &wrapped(page.fix);
    Some(out)
}

fn example(example: &Example) -> String {
    let mut out = String::new();
    if example.kind == ExampleKind::Package {
        out += "    a package with these files\n";
    }
    for line in example.text.lines() {
        out += format!("    {line}").trim_end();
        out.push('\n');
    }
    out
}

/// Wraps text at [`WIDTH`] columns.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += width;
    }
    out.push('\n');
    out
}
