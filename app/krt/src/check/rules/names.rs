//! Names of versions, workflows and nodes: all three become parts of names in Kubernetes and the broker.

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::manifest::ENTRYPOINT;
use crate::manifest::forms::{MAX_NAME, is_label, reserved};
use crate::text::{ProposedEdit, quote};

/// A DNS label that the platform does not use itself. A name that begins with a digit works on newer clusters only.
pub(super) fn version(name: &Text<'_>, problems: &mut Problems) {
    label(name, "version", &Vec::new, problems);
    if let Some(why) = reserved(name.value) {
        let message = format!("a version cannot be named {}", quote(name.value));
        problems.push(Problem::error("version-reserved", name.at, message).help(format!("{why}: choose another name")));
    }
    if is_label(name.value) && name.value.starts_with(|first: char| first.is_ascii_digit()) {
        let message = format!("the version name {} begins with a digit", quote(name.value));
        let help = "each version has a Service with the same name, which must begin with a letter on Kubernetes before 1.36: \
                    begin the name with a letter";
        problems.push(Problem::warning("version-first-letter", name.at, message).help(help));
    }
}

pub(super) fn workflow(name: &Text<'_>, problems: &mut Problems) {
    label(name, "workflow", &Vec::new, problems);
}

/// A DNS label other than `entrypoint`, which is the name of the process that the system creates.
pub(super) fn node<'d, 't: 'd>(name: &Text<'_>, mentions: &dyn Fn() -> Vec<&'d Text<'t>>, problems: &mut Problems) {
    label(name, "node", mentions, problems);
    if name.value == ENTRYPOINT {
        let message = "a node cannot be named `entrypoint`";
        let help = "the name stands for the entrypoint in `subscriptions`: choose another name";
        problems.push(Problem::error("node-reserved", name.at, message).help(help));
    }
}

/// `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, at most 19 characters. `mentions` are the texts that may refer to the name.
fn label<'d, 't: 'd>(name: &Text<'_>, what: &str, mentions: &dyn Fn() -> Vec<&'d Text<'t>>, problems: &mut Problems) {
    let Text { value, at } = name;
    if !is_label(value) {
        let message = format!(
            "the {what} name {} may contain only lowercase letters, digits and `-`, and must begin and end with a letter or digit",
            quote(value)
        );
        let problem = Problem::error("name-form", *at, message);
        problems.push(match suggestion(value).filter(|_| !problems.is_full()) {
            Some(better) => {
                let room =
                    if value.len() > MAX_NAME { format!(", at most {MAX_NAME} characters") } else { String::new() };
                let problem = problem.help(format!("for example {}{room}", quote(&better)));
                // A name with other characters may be a placeholder, or lose its meaning when they are replaced.
                let is_typo = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'.');
                if value.bytes().all(is_typo) {
                    problem.fix(format!("rename it to {}", quote(&better)), renamed(name, &better, mentions()))
                } else {
                    problem
                }
            }
            None => problem,
        });
        return;
    }
    // Bytes first: a text never has more characters than bytes.
    let length = if value.len() > MAX_NAME { value.chars().count() } else { 0 };
    if length > MAX_NAME {
        let message = format!("the {what} name {} has {length} characters; the limit is {MAX_NAME}", quote(value));
        problems.push(Problem::error("name-length", *at, message).help("choose a shorter name"));
    }
}

/// Renames the node in all mentions; subtopics stay.
fn renamed(name: &Text<'_>, better: &str, mentions: Vec<&Text<'_>>) -> Vec<ProposedEdit> {
    let mut changes = vec![ProposedEdit::Value(name.at, better.to_owned())];
    for mention in mentions {
        let rest = mention.value.strip_prefix(name.value).filter(|rest| rest.is_empty() || rest.starts_with('.'));
        changes.extend(rest.map(|rest| ProposedEdit::Value(mention.at, format!("{better}{rest}"))));
    }
    changes
}

/// The name with its invalid characters replaced, if something remains.
fn suggestion(name: &str) -> Option<String> {
    let mut out = String::new();
    for letter in name.chars().take(200) {
        let letter = letter.to_ascii_lowercase();
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
        if out.len() == MAX_NAME {
            break;
        }
    }
    let out = out.trim_end_matches('-');
    (!out.is_empty()).then(|| out.to_owned())
}
