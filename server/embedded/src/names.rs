//! Name formats (k8s.io/apimachinery `pkg/util/validation`). Each function returns the problem in the wording of
//! Kubernetes, or `None` for a valid name.

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
                     end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
                     '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const LETTER_LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an \
                            alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', \
                            regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and \
                         must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation \
                         is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and \
                           must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', \
                           regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                         alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
                         '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const DATA_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
                        'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const ENVIRONMENT: &str =
    "a valid environment variable name must consist only of printable ASCII characters other than '='";

/// RFC 1123 label.
pub fn label(text: &str) -> Option<String> {
    sized(text, 63).or_else(|| (!is_label(text)).then(|| LABEL.to_owned()))
}

/// RFC 1035 label.
fn letter_label(text: &str) -> Option<String> {
    let fine = is_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase());
    sized(text, 63).or_else(|| (!fine).then(|| LETTER_LABEL.to_owned()))
}

/// The name of a Service: an RFC 1123 label from 1.36 on (KEP-5311); before, the label must begin with a letter.
pub fn service(text: &str, minor: u32) -> Option<String> {
    if minor >= 36 { label(text) } else { letter_label(text) }
}

/// RFC 1123 subdomain.
pub fn subdomain(text: &str) -> Option<String> {
    sized(text, 253).or_else(|| (!text.split('.').all(is_label)).then(|| SUBDOMAIN.to_owned()))
}

/// One segment of a path.
pub fn path_segment(text: &str) -> Option<String> {
    match text {
        "." | ".." => Some(format!("may not be '{text}'")),
        _ => text.chars().find(|c| "/%".contains(*c)).map(|c| format!("may not contain '{c}'")),
    }
}

/// A label value.
pub fn label_value(text: &str) -> Option<String> {
    sized(text, 63).or_else(|| (!text.is_empty() && !is_word(text)).then(|| LABEL_VALUE.to_owned()))
}

/// A label or annotation key: `[prefix/]name`.
pub fn qualified(text: &str) -> Option<String> {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    if let Some(problem) = prefix.and_then(subdomain) {
        return Some(format!("prefix part {problem}"));
    }
    if name.is_empty() {
        return Some(format!("name part must be non-empty; {QUALIFIED}"));
    }
    if name.len() > 63 {
        return Some("name part must be no more than 63 characters".to_owned());
    }
    (!is_word(name)).then(|| QUALIFIED.to_owned())
}

/// A key of a ConfigMap or Secret.
pub fn data_key(text: &str) -> Option<String> {
    let fine = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    sized(text, 253).or_else(|| (!fine || text == "." || text.starts_with("..")).then(|| DATA_KEY.to_owned()))
}

/// The name of an environment variable (relaxed since 1.34).
pub fn environment(text: &str) -> Option<String> {
    let fine = !text.is_empty() && text.bytes().all(|b| (0x20..0x7F).contains(&b) && b != b'=');
    (!fine).then(|| ENVIRONMENT.to_owned())
}

/// The name of a port: an IANA service name.
pub fn port_name(text: &str) -> Option<String> {
    if text.len() > 15 {
        return Some("must be no more than 15 characters".to_owned());
    }
    if !text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Some("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        return Some("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        return Some("must not contain consecutive hyphens".to_owned());
    }
    (text.starts_with('-') || text.ends_with('-')).then(|| "must not begin or end with a hyphen".to_owned())
}

fn sized(text: &str, most: usize) -> Option<String> {
    (text.len() > most).then(|| format!("must be no more than {most} characters"))
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_word(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    text.bytes().all(inner) && edge(text.as_bytes().first()) && edge(text.as_bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_accepts_valid_and_rejects_invalid_names() {
        type Rule = fn(&str) -> Option<String>;
        let long = "a".repeat(64);
        let rules: [(Rule, &[&str], &[&str]); 7] = [
            (label, &["a", "1a", "a-1"], &["", "A", "-a", "a-", "a.b", &long]),
            (letter_label, &["a", "a1"], &["1a", ""]),
            (subdomain, &["a.b", "1.2", "a"], &["a..b", ".a", "A", "a_b"]),
            (label_value, &["", "A_b.c-1", "1"], &["-a", "a b", "a/b", &long]),
            (qualified, &["a", "x.io/A_b"], &["", "/a", "x/y/z", "X.io/a", "a "]),
            (data_key, &["a.B_c-1", ".hidden"], &["", "a/b", "..", "..a"]),
            (port_name, &["grpc", "a-1"], &["GRPC", "1", "a--b", "-a", "abcdefghijklmnop"]),
        ];
        for (at, (rule, good, bad)) in rules.iter().enumerate() {
            for text in *good {
                assert_eq!(rule(text), None, "rule {at}: {text}");
            }
            for text in *bad {
                assert!(rule(text).is_some(), "rule {at}: {text}");
            }
        }
    }
}
