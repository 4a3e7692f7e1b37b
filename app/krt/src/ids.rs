//! IDs of runtimes and their namespaces: validation and proposals.

/// Maximum length of a runtime's ID, in characters: the same as for a version's name, since both become parts of the
/// names of Kubernetes objects, which have at most 63.
pub const RUNTIME_ID_LIMIT: usize = 19;

/// Maximum length of a namespace, in characters (a DNS label, RFC 1123).
pub const NAMESPACE_LIMIT: usize = 63;

/// Returns what is wrong with a lowercase DNS label of at most `limit` characters, as a sentence; `None` when valid.
pub fn label_fault(text: &str, limit: usize) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        return Some("Enter a value.".to_owned());
    }
    if let Some(found) = text.chars().find(|c| !is_allowed(*c)) {
        return Some(format!("Use only lowercase letters a to z, digits and hyphens, not {found:?}."));
    }
    if text.len() > limit {
        return Some(format!("{} characters; the limit is {limit}.", text.len()));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Some("Start and end with a letter or a digit.".to_owned());
    }
    None
}

/// Returns what is wrong with the ID of a runtime, as a sentence; `None` when it is valid.
pub fn runtime_id_fault(id: &str) -> Option<String> {
    if id == "new" {
        return Some("“new” is reserved by the console; choose another ID.".to_owned());
    }
    label_fault(id, RUNTIME_ID_LIMIT)
}

/// Returns what is wrong with a runtime's namespace, as a sentence; `None` when it is valid.
pub fn namespace_fault(namespace: &str) -> Option<String> {
    if namespace == "default" || namespace.starts_with("kube-") {
        return Some("Kubernetes reserves this namespace; choose another one.".to_owned());
    }
    label_fault(namespace, NAMESPACE_LIMIT)
}

/// Returns the ID proposed for a runtime of this name; empty when no valid ID can be derived from the name.
pub fn propose_runtime_id(name: &str) -> String {
    let mut id = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match unaccented(c) {
            Some(plain) => id.push_str(plain),
            None if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            None => {}
        }
    }
    id.truncate(RUNTIME_ID_LIMIT);
    let id = id.trim_end_matches('-');
    if runtime_id_fault(id).is_some() { String::new() } else { id.to_owned() }
}

/// Returns the namespace proposed for the runtime with this ID.
pub fn propose_namespace(id: &str) -> String {
    crate::names::default_namespace(id)
}

/// Returns the form that a lowercase letter or digit takes in an ID; `None` when it has none.
fn unaccented(c: char) -> Option<&'static str> {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = PLAIN.find(c) {
        return PLAIN.get(at..at + 1);
    }
    Some(match c {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ç' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ù' | 'ú' | 'û' => "u",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_proposed_from_a_name() {
        for (name, id) in [
            ("Demo", "demo"),
            ("  Retail — Küche & Bad ", "retail-kueche-bad"),
            ("Fraud Detection (Europe, 2026)", "fraud-detection-eur"),
            ("a very long name - indeed", "a-very-long-name-in"),
            ("123456789 12345678 - x", "123456789-12345678"),
            ("new", ""),
            ("日本", ""),
            ("", ""),
        ] {
            assert_eq!(propose_runtime_id(name), id, "{name:?}");
        }
    }

    #[test]
    fn invalid_labels_are_refused_with_a_reason() {
        for label in ["a", "a-b", "0", "a1234567890123456-9"] {
            assert_eq!(label_fault(label, RUNTIME_ID_LIMIT), None, "{label:?}");
        }
        for label in ["", "-a", "a-", "A", "a_b", "a b", "ä", "a12345678901234567890"] {
            assert!(label_fault(label, RUNTIME_ID_LIMIT).is_some(), "{label:?}");
        }
        assert!(runtime_id_fault("new").is_some());
        assert!(namespace_fault("kube-system").is_some());
        assert_eq!(namespace_fault("kre-demo"), None);
    }
}
