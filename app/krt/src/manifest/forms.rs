//! The forms of the texts in a manifest: one function for each, which the check applies to report what breaks a rule,
//! and the types of [`super::texts`] to hold nothing else.

use super::ENTRYPOINT;

mod image;
pub(crate) use image::image_fault;

mod path;
pub(crate) use path::{PathFault, is_plainly_inside, is_proto_name, is_too_long, normalized, path_fault};

/// The longest name (KRE: `length lower than 20`), so that three names and a runtime ID fit into 63 characters.
pub(crate) const MAX_NAME: usize = 19;

/// NATS stream names have at most 255 characters; `OBJ_<runtime>_<version>_<workflow>_` takes up to 64 of them.
pub(crate) const MAX_STORE: usize = 191;

/// NATS stream names have at most 255 characters; `<runtime>_<version>_` takes up to 55 of them.
pub(crate) const MAX_METHOD: usize = 200;

/// The longest key of a ConfigMap or Secret, in characters.
pub(crate) const MAX_KEY: usize = 253;

/// The longest description, in characters: every page about the version repeats it.
pub(crate) const MAX_DESCRIPTION: usize = 20_000;

/// Names that a version may not have, and why.
const RESERVED_VERSIONS: &[(&str, &str)] = &[
    ("active-entrypoint", "the Service of the published version has this name"),
    ("fluent-bit", "on KRE, a container in the entrypoint's pod has this name"),
];

/// Whether a name is a lowercase DNS label of any length: `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`.
pub(crate) fn is_label(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.bytes().all(inner) && !name.is_empty() && !name.starts_with('-') && !name.ends_with('-')
}

/// Whether a name is a DNS label that is short enough for a version, a workflow or a node.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME && is_label(name)
}

/// Why no version may have this name; `None` if it is not reserved.
pub(crate) fn reserved(version: &str) -> Option<&'static str> {
    RESERVED_VERSIONS.iter().find(|(reserved, _)| *reserved == version).map(|(_, why)| *why)
}

pub(super) fn is_version_name(name: &str) -> bool {
    is_name(name) && reserved(name).is_none()
}

pub(super) fn is_node_name(name: &str) -> bool {
    is_name(name) && name != ENTRYPOINT
}

pub(super) fn is_store_name(name: &str) -> bool {
    name.len() <= MAX_STORE && is_label(name)
}

/// Whether a text is one part of a subscription: a node or a subtopic.
pub(crate) fn is_word(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a text consists of the characters of a protobuf identifier, or is empty.
pub(crate) fn is_identifier(method: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    method.bytes().all(is_inner) && !method.starts_with(|first: char| first.is_ascii_digit())
}

pub(super) fn is_method(method: &str) -> bool {
    !method.is_empty() && method.len() <= MAX_METHOD && is_identifier(method)
}

/// Whether a name has the characters of a variable: `^[A-Z0-9]([_A-Z0-9]*[A-Z0-9])?$`.
pub(crate) fn is_variable(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_inner) && !name.starts_with('_') && !name.ends_with('_')
}

/// Whether a name has the characters of a file: `[-._a-zA-Z0-9]+`, other than `.` and those that begin with `..`.
pub(crate) fn is_key(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !name.is_empty() && name.bytes().all(is_inner) && name != "." && !name.starts_with("..")
}

pub(super) fn is_variable_name(name: &str) -> bool {
    name.len() <= MAX_KEY && is_variable(name)
}

pub(super) fn is_file_name(name: &str) -> bool {
    name.len() <= MAX_KEY && is_key(name)
}

pub(super) fn is_description(text: &str) -> bool {
    // Bytes first: their number is known, and a text never has more characters than bytes.
    !text.is_empty() && (text.len() <= MAX_DESCRIPTION || text.chars().count() <= MAX_DESCRIPTION)
}

pub(super) fn is_image(reference: &str) -> bool {
    image_fault(reference).is_none()
}

pub(super) fn is_member_path(path: &str) -> bool {
    path_fault(path).is_none()
}

pub(super) fn is_proto_path(path: &str) -> bool {
    is_member_path(path) && is_proto_name(path)
}

/// The parts before and after the first occurrence of an ASCII character; `None` if there is none. Searches byte by
/// byte, which is faster than `split_once` for short words.
pub(crate) fn cut(word: &str, letter: u8) -> Option<(&str, &str)> {
    let at = word.bytes().position(|byte| byte == letter)?;
    Some((&word[..at], &word[at + 1..]))
}
