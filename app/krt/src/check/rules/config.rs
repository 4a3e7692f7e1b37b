//! The configuration that a version requires: names of variables and files.

use std::collections::BTreeMap;

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::manifest::Format;
use crate::manifest::forms::{MAX_KEY, is_key, is_variable};
use crate::text::{ProposedEdit, Range, quote};

/// The help for a value in the manifest.
pub(in crate::check) const NO_VALUES: &str = "list only names: set the values in the console after the upload";

/// More variables and files than this cause a warning: people have to enter the values.
const MANY: usize = 1000;

/// Variables that the system sets or that processes need themselves (kre-runners, the container's shell).
const PLATFORM: &[&str] =
    &["PATH", "HOME", "HOSTNAME", "PWD", "USER", "SHELL", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH"];

/// `^[A-Z0-9]([_A-Z0-9]*[A-Z0-9])?$`, at most 253 characters, each once, not set by the platform.
pub(super) fn variables(names: &[Text<'_>], problems: &mut Problems) {
    repeated(names, "variable", problems);
    for Text { value, at } in names {
        if !is_variable(value) {
            if let Some(problem) = with_value(value, *at, "variable", is_variable) {
                problems.push(problem);
                continue;
            }
            let message = format!(
                "the variable {} may contain only uppercase letters and digits, with `_` between them",
                quote(value)
            );
            problems.push(Problem::error("variable-form", *at, message).maybe_help(suggestion(before_a_value(value))));
            continue;
        }
        length(value, *at, problems);
        if value.starts_with("KRT_") || PLATFORM.contains(value) {
            let message = format!("the variable {} is set by the platform", quote(value));
            let help = "your value may be ignored or break the process: choose another name";
            problems.push(Problem::warning("variable-platform", *at, message).help(help));
        } else if value.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("the variable {} consists only of digits", quote(value));
            let help = "shells cannot read such a variable: begin the name with a letter";
            problems.push(Problem::warning("variable-digits", *at, message).help(help));
        }
    }
}

/// v1: like variables (krt-utils). v2: any key of a ConfigMap, with a warning if tools for v1 would reject it.
pub(super) fn files(names: &[Text<'_>], format: Format, problems: &mut Problems) {
    repeated(names, "file", problems);
    for Text { value, at } in names {
        if !is_key(value) || (format == Format::V1 && !is_variable(value)) {
            let is_name = if format == Format::V1 { is_variable } else { is_key };
            if let Some(problem) = with_value(value, *at, "file", is_name) {
                problems.push(problem);
                continue;
            }
            let allowed = if format == Format::V1 {
                "uppercase letters, digits and `_`"
            } else {
                "letters, digits, `-`, `_` and `.`"
            };
            let message = format!("the file name {} may contain only {allowed}", quote(value));
            problems.push(Problem::error("file-form", *at, message).maybe_help(suggestion(before_a_value(value))));
            continue;
        }
        length(value, *at, problems);
        if !is_variable(value) || value.starts_with(|first: char| first.is_ascii_digit()) {
            let message = format!("some KRT tools do not accept the file name {}", quote(value));
            let help = suggestion(value).unwrap_or("begin the name with an uppercase letter".to_owned());
            problems.push(Problem::warning("file-unusual", *at, message).help(help));
        }
    }
}

/// The part before the `=` or `:` of what may be a name with a value.
fn before_a_value(text: &str) -> &str {
    text.split(['=', ':']).next().unwrap_or_default()
}

/// Reports `NAME=value`, of which only the name belongs here. The message omits the value, which may be a secret.
fn with_value(text: &str, at: Range, what: &str, is_name: fn(&str) -> bool) -> Option<Problem> {
    let name = before_a_value(text);
    let has_value = name.len() + 1 < text.len();
    let name = name.trim();
    if !has_value || !is_name(name) {
        return None;
    }
    let code = if what == "file" { "file-form" } else { "variable-form" };
    let message = format!("the {what} {} is listed with a value", quote(name));
    let problem = Problem::error(code, at, message).help(NO_VALUES);
    Some(problem.fix("keep only the name", [ProposedEdit::Value(at, name.to_owned())]))
}

/// Both become keys of the same object, so one value would overwrite the other.
pub(super) fn variable_and_file(variables: &[Text<'_>], files: &[Text<'_>], problems: &mut Problems) {
    let known: BTreeMap<&str, Range> = variables.iter().map(|name| (name.value, name.at)).collect();
    for Text { value, at } in files {
        if let Some(first) = known.get(value) {
            let message = format!("{} is both a variable and a file", quote(value));
            let problem = Problem::error("config-duplicate", *at, message).help("rename one of them");
            problems.push(problem.related("the variable is declared here", *first));
        }
    }
}

/// Warns of very many variables and files, at the first one beyond the limit.
pub(super) fn many(variables: &[Text<'_>], files: &[Text<'_>], problems: &mut Problems) {
    let Some(first) = variables.iter().chain(files).nth(MANY) else { return };
    let count = variables.len() + files.len();
    let message = format!("this version declares {count} variables and files");
    let help = "each value must be entered, and all values together must fit into 1 MiB: list only what is needed";
    problems.push(Problem::warning("config-many", first.at, message).help(help));
}

/// Only a warning: a repetition has no effect.
fn repeated(names: &[Text<'_>], what: &str, problems: &mut Problems) {
    let mut known: BTreeMap<&str, Range> = BTreeMap::new();
    for Text { value, at } in names {
        if let Some(first) = known.get(value) {
            let problem =
                Problem::warning("config-repeated", *at, format!("the {what} {} is listed twice", quote(value)));
            let problem = problem.fix("remove the second one", [ProposedEdit::DropItem(*at)]);
            problems.push(problem.help("remove one of them").related("first listed here", *first));
        } else {
            known.insert(value, *at);
        }
    }
}

fn length(name: &str, at: Range, problems: &mut Problems) {
    if name.len() > MAX_KEY {
        let message = format!("{} has {} characters; the limit in Kubernetes is {MAX_KEY}", quote(name), name.len());
        problems.push(Problem::error("config-length", at, message).help("choose a shorter name"));
    }
}

fn suggestion(name: &str) -> Option<String> {
    let mut out = String::new();
    for letter in name.chars().take(MAX_KEY) {
        if letter.is_ascii_alphanumeric() {
            out.push(letter.to_ascii_uppercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    let useful = is_variable(out) && out != name && !out.starts_with(|first: char| first.is_ascii_digit());
    useful.then(|| format!("for example {}", quote(out)))
}
