//! What a member may be called: below the package's root, by a name that every file system takes.

use super::limits::MAX_PATH;
use crate::check::{normalised, quote};
use crate::diagnostic::Diagnostic;

/// A member's path as it unpacks, and what is wrong with it.
pub(super) struct Named {
    /// In its shortest form, without `./` and a closing `/`; empty for the root itself.
    pub(super) path: String,
    pub(super) problem: Option<Diagnostic>,
    /// The name is readable text, and says the same to everybody.
    pub(super) is_text: bool,
}

/// Reads a path as an archive wrote it.
pub(super) fn named(written: &[u8]) -> Named {
    let text = String::from_utf8_lossy(written);
    let is_text = std::str::from_utf8(written).is_ok();
    let path = shortest(&text);
    Named { problem: problem(&text, &path, is_text), path, is_text }
}

/// Without what no file system keeps: `./`, and slashes that are doubled or at the end.
fn shortest(text: &str) -> String {
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let mut path = parts.join("/");
    if text.starts_with('/') {
        path.insert(0, '/');
    }
    path
}

fn problem(written: &str, path: &str, is_text: bool) -> Option<Diagnostic> {
    let shown = quote(written);
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|first: char| first.is_ascii_alphabetic());
    let error = |code, message: String, help: &str| Some(Diagnostic::error(code, message).with_help(help));
    let warning = |code, message: String, help: &str| Some(Diagnostic::warning(code, message).with_help(help));
    if written.is_empty() {
        error("member-name-empty", "a member of the package has no name".to_owned(), "pack it again")
    } else if written.starts_with('/') || drive {
        error(
            "member-absolute",
            format!("the member {shown} has an absolute path"),
            "pack with paths relative to the project: `cd my-project; tar -czf ../my.krt *`",
        )
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        let what = match normalised(path) {
            Some(_) if !path.contains('\\') => "has `..` in its path",
            _ => "leads out of the package",
        };
        error("member-outside", format!("the member {shown} {what}"), "pack only what is inside the project")
    } else if path.len() > MAX_PATH {
        error(
            "member-path-length",
            format!("the path of the member {shown} is longer than {MAX_PATH} bytes"),
            "use shorter names",
        )
    } else if !is_text {
        warning(
            "member-name-encoding",
            format!("the name of the member {shown} is no UTF-8"),
            "rename it, so that it can be unpacked everywhere",
        )
    } else if path.contains(char::is_control) {
        warning("member-name-control", format!("the name of the member {shown} has a control character"), "rename it")
    } else if path.contains('\\') {
        warning(
            "member-backslash",
            format!("the name of the member {shown} has a backslash, which is no folder on Linux"),
            "pack with `/` between folders",
        )
    } else {
        None
    }
}
