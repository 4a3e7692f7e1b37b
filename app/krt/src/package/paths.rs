//! Checks the paths of members: below the package's root, and valid on every file system.

use super::limits::MAX_PATH;
use crate::diagnostic::Diagnostic;
use crate::manifest::forms::normalized;
use crate::text::quote;

/// A member's path after unpacking, and its problem.
pub(super) struct Named {
    /// In its shortest form, without `./` and a trailing `/`; empty for the root itself.
    pub(super) path: String,
    pub(super) problem: Option<Diagnostic>,
    /// Whether the name is valid UTF-8 and thus unambiguous.
    pub(super) is_text: bool,
}

/// Parses a path as written in the archive.
pub(super) fn named(written: &[u8]) -> Named {
    let text = String::from_utf8_lossy(written);
    let is_text = std::str::from_utf8(written).is_ok();
    let path = shortest(&text);
    Named { problem: problem(&text, &path, is_text), path, is_text }
}

/// Removes what no file system keeps: `./`, doubled slashes and trailing slashes.
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
        error("member-name-empty", "a member of the package has no name".to_owned(), "pack the project again")
    } else if written.starts_with('/') || drive {
        error(
            "member-absolute",
            format!("the member {shown} has an absolute path"),
            "pack with paths relative to the project: `cd my-project; tar -czf ../my.krt *`",
        )
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        let what = match normalized(path) {
            Some(_) if !path.contains('\\') => "has `..` in its path",
            _ => "leads out of the package",
        };
        error("member-outside", format!("the member {shown} {what}"), "pack only files inside the project")
    } else if path.len() > MAX_PATH {
        error(
            "member-path-length",
            format!("the path of the member {shown} has {} bytes; the limit is {MAX_PATH}", path.len()),
            "use shorter names",
        )
    } else if !is_text {
        warning(
            "member-name-encoding",
            format!("the name of the member {shown} is not UTF-8"),
            "rename the file so that every system can unpack it",
        )
    } else if path.contains(char::is_control) {
        warning(
            "member-name-control",
            format!("the name of the member {shown} contains a control character"),
            "rename the file",
        )
    } else if path.contains('\\') {
        warning(
            "member-backslash",
            format!("the name of the member {shown} contains a backslash, which does not separate folders on Linux"),
            "pack with `/` between folders",
        )
    } else {
        None
    }
}
