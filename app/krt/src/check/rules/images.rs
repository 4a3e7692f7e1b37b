//! Container images: the grammar of `docker/distribution` references, which kubelets accept as well.

use crate::check::draft::Text;
use crate::check::problem::{Problem, Problems};
use crate::text::{cut, quote};

/// The longest `host/path` in bytes, as in `docker/distribution`.
const MAX_NAME: usize = 255;

/// The longest tag in bytes.
const MAX_TAG: usize = 128;

/// Checks the images of a manifest. Most nodes use the same few images, so the last valid one is not checked again.
#[derive(Default)]
pub(super) struct Images<'d> {
    right: Option<&'d str>,
}

impl<'d> Images<'d> {
    pub(super) fn check(&mut self, image: &Text<'d>, problems: &mut Problems) {
        if self.right != Some(image.value) {
            let before = problems.count();
            self::image(image, problems);
            self.right = Some(image.value).filter(|_| problems.count() == before);
        }
    }
}

/// `[host[:port]/]path[:tag][@digest]`.
fn image(image: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = image;
    if let Err(why) = parse(value) {
        let message = format!("{} is not an image reference: {why}", quote(value));
        let problem = Problem::error("image-form", *at, message)
            .help("write it as `host/path:tag`, for example `konstellation/kre-py:1.29.0`");
        problems.push(match fixed(value) {
            Some(better) => problem.instead(*at, better),
            None => problem,
        });
        return;
    }
    let host = cut(value, b'/').map(|(first, _)| first);
    let is_word = |first: &&str| !has(first, b'.') && !has(first, b':') && *first != "localhost";
    let Some(first) = host.filter(is_word) else { return };
    if first.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let message = format!(
            "{} in {} is read as a registry host, because image paths have no uppercase letters",
            quote(first),
            quote(value)
        );
        let better = value.replacen(first, &first.to_ascii_lowercase(), 1);
        let problem = Problem::warning("image-upper-case", *at, message).help(format!("write {}", quote(&better)));
        problems.push(problem.instead(*at, better));
    }
}

/// The image as a valid reference: without scheme and surrounding whitespace, or also with its path in lowercase. Tags
/// keep their case.
fn fixed(value: &str) -> Option<String> {
    let bare = value.trim().trim_start_matches("https://").trim_start_matches("http://");
    let path = bare.rfind('/').map_or(0, |at| at + 1);
    let end = bare[path..].find([':', '@']).map_or(bare.len(), |at| path + at);
    let (name, rest) = bare.split_at(end);
    let lower = format!("{}{rest}", name.to_ascii_lowercase());
    [bare.to_owned(), lower].into_iter().find(|better| better != value && parse(better).is_ok())
}

/// Fails with the reason why a reference is invalid.
fn parse(reference: &str) -> Result<(), &'static str> {
    if reference.as_bytes().windows(3).any(|part| part == b"://") {
        return Err("it must not begin with a scheme such as `https://`");
    }
    if !reference.bytes().all(|byte| byte.is_ascii_graphic()) && reference.contains(char::is_whitespace) {
        return Err("it contains whitespace");
    }
    let (rest, digest) = match cut(reference, b'@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (reference, None),
    };
    // A colon after the last slash begins the tag; one before it begins a port.
    let path_start = rest.bytes().rposition(|byte| byte == b'/').map_or(0, |at| at + 1);
    let (name, tag) = match cut(&rest[path_start..], b':') {
        Some((last, tag)) => (&rest[..path_start + last.len()], Some(tag)),
        None => (rest, None),
    };
    if name.len() > MAX_NAME {
        return Err("its name is longer than 255 characters");
    }
    let (host, path) = match cut(name, b'/') {
        Some((host, path)) => (Some(host), path),
        None => (None, name),
    };
    let host_is_good = host.is_none_or(|host| is_path(host.as_bytes()) || is_host(host));
    if !host_is_good || !path.as_bytes().split(|byte| *byte == b'/').all(is_path) {
        return Err("its path may contain only lowercase letters and digits, with single `.`, `_`, `-` between them");
    }
    if !tag.is_none_or(is_tag) {
        return Err(
            "its tag may contain only letters, digits, `_`, `.` and `-`, at most 128, and must not begin with `.` or `-`",
        );
    }
    if !digest.is_none_or(is_digest) {
        return Err("its digest must be `sha256:` followed by 64 hexadecimal digits");
    }
    Ok(())
}

fn has(word: &str, letter: u8) -> bool {
    word.bytes().any(|byte| byte == letter)
}

/// One component of a path: runs of lower-case letters and digits, separated by `.`, `_`, `__` or dashes.
fn is_path(bytes: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if !bytes.first().is_some_and(is_letter) || !bytes.last().is_some_and(is_letter) {
        return false;
    }
    let is_separator = |run: &[u8]| matches!(run, b"" | b"." | b"_" | b"__") || run.iter().all(|byte| *byte == b'-');
    bytes.split(is_letter).all(is_separator)
}

/// Host labels of letters, digits and inner dashes, with an optional port.
fn is_host(host: &str) -> bool {
    let (labels, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
    };
    labels.split('.').all(is_label) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_tag(tag: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    (1..=MAX_TAG).contains(&tag.len()) && tag.bytes().all(is_inner) && !tag.starts_with(['.', '-'])
}

/// The algorithms that `opencontainers/go-digest` supports, with their lengths.
fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_distinguished_from_other_texts() {
        let digest = format!("a/b@sha256:{}", "ab".repeat(32));
        let long = format!("a/{}", "b".repeat(254));
        for (reference, good) in [
            ("konstellation/kre-py:latest", true),
            ("10.0.0.1:5000/a/b:1", true),
            ("localhost/kre-py", true),
            ("Registry.Local:5000/a/b", true),
            ("Konstellation/kre-py", true),
            ("a__b/c", true),
            ("a---b", true),
            (digest.as_str(), true),
            ("", false),
            ("a___b/c", false),
            ("a-/b", false),
            ("a..b/c", false),
            ("a/B", false),
            ("a/b:", false),
            ("a/b:-x", false),
            ("/a/b", false),
            ("a/", false),
            ("a b", false),
            ("https://a/b", false),
            ("a/b@sha256:abcd", false),
            ("a/b@md5:abababababababababababababababab", false),
            ("$IMAGE", false),
            (long.as_str(), false),
        ] {
            assert_eq!(parse(reference).is_ok(), good, "{reference}");
        }
    }
}
