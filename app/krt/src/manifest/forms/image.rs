//! Container images: the grammar of `docker/distribution` references, which kubelets accept as well.

use super::cut;

/// The longest `host/path` in bytes, as in `docker/distribution`.
const MAX_NAME: usize = 255;

/// The longest tag in bytes.
const MAX_TAG: usize = 128;

/// Why a text is not `[host[:port]/]path[:tag][@digest]`; `None` if it is.
pub(crate) fn image_fault(reference: &str) -> Option<&'static str> {
    if reference.as_bytes().windows(3).any(|part| part == b"://") {
        return Some("it must not begin with a scheme such as `https://`");
    }
    if !reference.bytes().all(|byte| byte.is_ascii_graphic()) && reference.contains(char::is_whitespace) {
        return Some("it contains whitespace");
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
        return Some("its name is longer than 255 characters");
    }
    let (host, path) = match cut(name, b'/') {
        Some((host, path)) => (Some(host), path),
        None => (None, name),
    };
    let host_is_good = host.is_none_or(|host| is_path(host.as_bytes()) || is_host(host));
    if !host_is_good || !path.as_bytes().split(|byte| *byte == b'/').all(is_path) {
        return Some("its path may contain only lowercase letters and digits, with single `.`, `_`, `-` between them");
    }
    if !tag.is_none_or(is_tag) {
        return Some(
            "its tag may contain only letters, digits, `_`, `.` and `-`, at most 128, and must not begin with `.` or `-`",
        );
    }
    if !digest.is_none_or(is_digest) {
        return Some("its digest must be `sha256:` followed by 64 hexadecimal digits");
    }
    None
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

/// Host labels of letters, digits and inner hyphens, with an optional port.
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
            assert_eq!(image_fault(reference).is_none(), good, "{reference}");
        }
    }
}
