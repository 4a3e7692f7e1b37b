//! A `.proto` file read just far enough to know which rpcs it declares.

/// The names behind `rpc`, in the order written; comments and quoted texts are skipped.
pub(super) fn rpcs(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut after_rpc = false;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
        } else if first == '"' || first == '\'' {
            rest = behind_quoted(&rest[1..], first);
        } else if is_letter(first) {
            let end = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            if after_rpc {
                found.push(word.to_owned());
            }
            after_rpc = word == "rpc" && !after_rpc;
            rest = behind;
        } else {
            after_rpc &= first.is_whitespace();
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn behind_quoted(text: &str, quote: char) -> &str {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return &text[at + 1..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rpcs_are_found_between_comments_and_quotes() {
        let text = "// rpc No (A)\nservice S { /* rpc No */ option x = \"rpc \\\" No\"; rpc\n /* c */ Yes (R) returns (stream Q); rpc Yes2(R) returns (Q) {} }";
        assert_eq!(rpcs(text), ["Yes", "Yes2"]);
        assert!(rpcs("").is_empty());
    }
}
