//! Paths of files inside the package.

/// The longest path in bytes: Linux's PATH_MAX, minus room for the folder that the package is unpacked into.
const MAX_PATH: usize = 4000;

/// The longest name of a file or folder in bytes: Linux's NAME_MAX.
const MAX_PART: usize = 255;

/// Why a path does not name a file inside the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathFault {
    Control,
    TooLong,
    /// The name of a file or folder in it is too long.
    PartTooLong,
    Absolute,
    Outside,
    /// It names the root of the package.
    Root,
    Folder,
}

/// What is wrong with a path: it must be relative, stay inside the package and name a file.
#[inline]
pub(crate) fn path_fault(path: &str) -> Option<PathFault> {
    if is_plainly_inside(path) { None } else { fault(path) }
}

fn fault(path: &str) -> Option<PathFault> {
    if path.contains(char::is_control) {
        return Some(PathFault::Control);
    }
    if path.len() > MAX_PATH {
        return Some(PathFault::TooLong);
    }
    if is_too_long(path) {
        return Some(PathFault::PartTooLong);
    }
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|first: char| first.is_ascii_alphabetic());
    if path.starts_with('/') || drive {
        return Some(PathFault::Absolute);
    }
    match depth(path) {
        None => return Some(PathFault::Outside),
        Some(0) => return Some(PathFault::Root),
        Some(_) => {}
    }
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    is_folder.then_some(PathFault::Folder)
}

/// Whether the whole path or one name in it is too long.
pub(crate) fn is_too_long(path: &str) -> bool {
    path.len() > MAX_PATH || path.split('/').any(|part| part.len() > MAX_PART)
}

/// Whether the last name of a path ends in `.proto`, with something before it.
pub(crate) fn is_proto_name(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.ends_with(".proto") && file != ".proto"
}

/// Whether a path is valid at first sight: ASCII letters, digits, `-`, `_` and `.` in its shortest form. Nearly all
/// paths are; the others are checked in detail.
pub(crate) fn is_plainly_inside(path: &str) -> bool {
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
