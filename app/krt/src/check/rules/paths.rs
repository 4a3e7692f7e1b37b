//! Paths inside the package: `src` of nodes and the entrypoint's `proto`.

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::text::quote;

/// The longest path in bytes: Linux's PATH_MAX, minus room for the folder that the package is unpacked into.
const MAX_PATH: usize = 4000;

/// The longest name of a file or folder in bytes: Linux's NAME_MAX.
const MAX_PART: usize = 255;

/// Checks the path of a file below the package root.
pub(super) fn src(path: &Text<'_>, problems: &mut Problems) {
    inside(path, "src", problems);
}

/// Checks the path of a file below the package root whose name ends in `.proto`.
pub(super) fn proto(path: &Text<'_>, problems: &mut Problems) {
    inside(path, "entrypoint.proto", problems);
    let Text { value, at } = path;
    // Already reported; the extension cannot be judged.
    if value.contains(char::is_control) || is_too_long(value) {
        return;
    }
    let file = value.rsplit('/').next().unwrap_or_default();
    if !file.ends_with(".proto") {
        let problem = Problem::error("proto-name", *at, format!("{} must end in `.proto`", quote(value)));
        let trimmed = value.trim();
        let problem = if trimmed.ends_with(".proto") { problem.instead(*at, trimmed) } else { problem };
        let help = if trimmed.ends_with(".proto") {
            "remove the space at the end"
        } else if file.to_ascii_lowercase().ends_with(".proto") {
            "write the extension in lowercase, and rename the file to match"
        } else {
            "name the file that defines the entrypoint's service"
        };
        problems.push(problem.help(help));
    } else if file == ".proto" {
        problems.push(
            Problem::error("proto-name", *at, format!("{} has no name before `.proto`", quote(value)))
                .help("give the file a name"),
        );
    } else if !value.is_ascii() {
        let message = format!("{} contains non-ASCII characters", quote(value));
        let help = "some code generators cannot open such a file: use only ASCII characters";
        problems.push(Problem::warning("proto-not-ascii", *at, message).help(help));
    }
}

/// The path must be relative, stay inside the package, name a file, and be in its shortest form.
#[inline]
fn inside(path: &Text<'_>, key: &str, problems: &mut Problems) {
    if !is_plainly_inside(path.value) {
        looked_into(path, key, problems);
    }
}

fn looked_into(path: &Text<'_>, key: &str, problems: &mut Problems) {
    let Text { value, at } = path;
    let mut error = |code: &'static str, why: &str, help: &str| {
        problems.push(Problem::error(code, *at, format!("`{key}` {} {why}", quote(value))).help(help));
    };
    if value.contains(char::is_control) {
        return error(
            "path-control",
            "contains a control character",
            "write the path on one line, without special characters",
        );
    }
    if value.len() > MAX_PATH {
        return error("path-length", "is longer than 4000 bytes", "use a shorter path");
    }
    if is_too_long(value) {
        return error("path-length", "contains a file or folder name longer than 255 bytes", "use a shorter name");
    }
    let drive = value.as_bytes().get(1) == Some(&b':') && value.starts_with(|first: char| first.is_ascii_alphabetic());
    if value.starts_with('/') || drive {
        return error(
            "path-absolute",
            "is absolute",
            "write it relative to the package root, such as `src/etl/main.py`",
        );
    }
    match depth(value) {
        None => return error("path-outside", "points outside the package", "write it relative to the package root"),
        Some(0) => return error("path-folder", "is the package root", "name the file"),
        Some(_) => {}
    }
    if value.ends_with('/') || value.ends_with("/.") || value.ends_with("/..") {
        return error("path-folder", "names a folder", "name the file");
    }
    let trimmed = value.trim_matches(' ');
    // For a proto, the wrong extension is reported instead.
    let is_reported = key == "entrypoint.proto" && !value.ends_with(".proto");
    if trimmed != *value && !is_reported {
        let message =
            format!("`{key}` {} begins or ends with a space, which is part of the name on Linux", quote(value));
        let problem = Problem::warning("path-blank", *at, message).help("remove the space");
        problems.push(if trimmed.is_empty() { problem } else { problem.instead(*at, trimmed) });
    } else if value.contains('\\') {
        let message = format!("`{key}` {} has backslashes, which are part of the name on Linux", quote(value));
        let better = value.replace('\\', "/");
        let problem = Problem::warning("path-backslash", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    } else if value.split('/').any(|part| matches!(part, "" | "." | "..")) {
        let message = format!("`{key}` {} is not in its shortest form", quote(value));
        let better = normalized(value).unwrap_or_default();
        let problem = Problem::warning("path-roundabout", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    }
}

/// Whether the whole path or one name in it is too long.
fn is_too_long(path: &str) -> bool {
    path.len() > MAX_PATH || path.split('/').any(|part| part.len() > MAX_PART)
}

/// Whether a path is valid at first sight: ASCII letters, digits, `-`, `_` and `.` in its shortest form. Nearly all
/// paths are; the others are checked in detail.
fn is_plainly_inside(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    // At the start and after each slash, no name has begun yet; dots alone are not a name.
    let mut is_name = false;
    let all_plain = path.bytes().all(|byte| match byte {
        b'/' => std::mem::replace(&mut is_name, false),
        b'.' => true,
        byte => {
            is_name = true;
            is_plain(byte)
        }
    });
    // If the whole path is not too long for a name, neither is any part.
    all_plain && is_name && path.len() <= MAX_PART
}

/// The depth at which a path ends; `None` if it leaves the root on the way.
fn depth(path: &str) -> Option<u32> {
    path.split('/').try_fold(0u32, |depth, part| match part {
        "" | "." => Some(depth),
        ".." => depth.checked_sub(1),
        _ => Some(depth + 1),
    })
}

/// The path without `.`, `..` and double slashes; `None` if it leaves the root.
pub(crate) fn normalized(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
