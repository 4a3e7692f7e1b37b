//! `krt-console validate FILE...`: the same check as in the browser and at upload, on the command line.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use krt::diagnostic::{Diagnostic, Severity, render};
use krt::package::{Reader, Report, check_bare};
use serde::Serialize;

/// Bytes read at a time: as much as a disk likes, little enough to keep memory flat.
const CHUNK: usize = 64 * 1024;

#[derive(Args, Debug)]
pub struct ValidateArgs {
    /// Packages (*.krt), or bare manifests (*.yml, *.yaml)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How to tell what was found: text for people, json with one object a line for programs
    #[arg(long, value_enum, default_value_t = Format::Text, env = "KRT_CONSOLE_FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Checks every file. 0: all accepted; 1: at least one refused; 2: at least one cannot be read.
pub fn run(args: ValidateArgs) -> ExitCode {
    let mut out = io::stdout().lock();
    let mut code = 0;
    for file in &args.files {
        let told = match check(file) {
            Ok(report) => {
                let checked = Checked::of(file, &report);
                code = code.max(u8::from(!checked.accepted));
                match args.format {
                    Format::Json => write_json(&mut out, &checked),
                    Format::Text => write!(out, "{}", text(file, &report, checked.accepted)),
                }
            }
            Err(error) => {
                code = 2;
                eprintln!("krt-console: cannot read {}: {error}", file.display());
                match args.format {
                    Format::Json => write_json(&mut out, &Checked::unreadable(file, &unreadable(&error))),
                    Format::Text => Ok(()),
                }
            }
        };
        if told.is_err() {
            // Nobody reads on (`| head`): nothing to say it to.
            return ExitCode::from(code);
        }
    }
    ExitCode::from(code)
}

/// Reads a file as what its name says it is.
fn check(path: &Path) -> io::Result<Report> {
    let mut file = File::open(path)?;
    if is_manifest(path) {
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to be told that there are too many.
        file.take(krt::check::MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
        return Ok(check_bare(&bytes));
    }
    let mut reader = Reader::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        // A fatal problem is in the report as well.
        if read == 0 || reader.push(&chunk[..read]).is_err() {
            return Ok(reader.finish());
        }
    }
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    extension.eq_ignore_ascii_case("yml") || extension.eq_ignore_ascii_case("yaml")
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Checked<'a> {
    file: String,
    accepted: bool,
    diagnostics: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    help: Option<&'a str>,
    /// The member of the package at fault, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<&'a str>,
}

impl<'a> Checked<'a> {
    fn of(file: &Path, report: &'a Report) -> Checked<'a> {
        let accepted = krt::diagnostic::accepted(&report.diagnostics);
        let diagnostics = report.diagnostics.iter().map(Told::of).collect();
        Checked { file: file.display().to_string(), accepted, diagnostics }
    }

    fn unreadable(file: &Path, why: &'a Diagnostic) -> Checked<'a> {
        Checked { file: file.display().to_string(), accepted: false, diagnostics: vec![Told::of(why)] }
    }
}

/// So that programs get one line for each file, whatever happens.
fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::error("file-unreadable", format!("the file cannot be read: {error}"))
        .with_help("check its path and rights")
}

impl<'a> Told<'a> {
    fn of(diagnostic: &'a Diagnostic) -> Told<'a> {
        Told {
            severity: diagnostic.severity,
            code: &diagnostic.code,
            message: &diagnostic.message,
            line: diagnostic.span.map(|span| span.line),
            column: diagnostic.span.map(|span| span.column),
            end_line: diagnostic.span.map(|span| span.end_line),
            end_column: diagnostic.span.map(|span| span.end_column),
            help: diagnostic.help.as_deref(),
            member: diagnostic.member.as_deref(),
        }
    }
}

fn write_json(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, checked)?;
    writeln!(out)
}

/// Every problem with its source line, then one line that sums up.
fn text(path: &Path, report: &Report, accepted: bool) -> String {
    let file = path.display().to_string();
    let shown = match &report.manifest_path {
        Some(manifest) => format!("{file}:{manifest}"),
        None => file.clone(),
    };
    let mut out = String::new();
    for diagnostic in &report.diagnostics {
        let place = if diagnostic.span.is_some() { &shown } else { &file };
        out += &render::render(diagnostic, place, report.manifest_text.as_deref());
        out.push('\n');
    }
    let count = |severity| report.diagnostics.iter().filter(|found| found.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")]
        .map(|(severity, word)| (count(severity), word))
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
    let counts: Vec<String> = counts.collect();
    let verdict = if accepted { "accepted" } else { "refused" };
    let what = match &report.manifest {
        Some(manifest) => format!(" ({}, KRT {})", manifest.version, manifest.format.as_str()),
        None => String::new(),
    };
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    out += &format!("{file}{what}: {verdict}{counts}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_told_from_a_package_by_its_name() {
        for (name, manifest) in [("krt.yml", true), ("a/b.YAML", true), ("a.krt", false), ("yml", false)] {
            assert_eq!(is_manifest(Path::new(name)), manifest, "{name}");
        }
    }

    #[test]
    fn a_line_of_json_has_every_field_that_programs_count_on() {
        let report = check_bare(b"version: Wrong\n");
        let checked = Checked::of(Path::new("krt.yml"), &report);
        let mut line = Vec::new();
        write_json(&mut line, &checked).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(value["file"], "krt.yml");
        assert_eq!(value["accepted"], false);
        let first = value["diagnostics"][0].as_object().unwrap();
        for field in ["severity", "code", "message", "line", "column", "end_line", "end_column", "help"] {
            assert!(first.contains_key(field), "{field} is missing in {first:?}");
        }
    }
}
