//! The meaning of a plain YAML scalar: text or another type.

/// The type as which YAML reads an unquoted word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Meaning {
    Null,
    /// `true` or `false` in YAML 1.2.
    Bool(bool),
    /// `yes`, `off` and the like: a boolean in YAML 1.1 (which KRE reads), text in YAML 1.2.
    OldBool(bool),
    Int(i64),
    /// A number that YAML 1.1 and 1.2 read differently (`010`, `1_000`), or one that is too large for 64 bits.
    OddInt,
    Float(f64),
    /// A date in YAML 1.1.
    Date,
    Text,
}

impl Meaning {
    /// The name of the type, if it is not text in YAML 1.2 or reading would change how the word is written.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Meaning::Null => Some("null"),
            Meaning::Bool(_) => Some("a boolean"),
            Meaning::Int(_) | Meaning::OddInt | Meaning::Float(_) => Some("a number"),
            Meaning::Date => Some("a date"),
            Meaning::OldBool(_) | Meaning::Text => None,
        }
    }
}

/// The meaning of an unquoted word.
#[inline]
pub(crate) fn meaning(word: &str) -> Meaning {
    // Covers nearly all words of a manifest: words of letters with another meaning are shorter.
    if word.len() > "false".len() && word.as_bytes()[0].is_ascii_alphabetic() {
        return Meaning::Text;
    }
    meaning_of_few(word)
}

fn meaning_of_few(word: &str) -> Meaning {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "true" | "True" | "TRUE" => return Meaning::Bool(true),
        "false" | "False" | "FALSE" => return Meaning::Bool(false),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y" => return Meaning::OldBool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" | "n" | "N" => return Meaning::OldBool(false),
        ".nan" | ".NaN" | ".NAN" => return Meaning::Float(f64::NAN),
        _ => {}
    }
    let (sign, digits) = match word.strip_prefix(['-', '+']) {
        Some(digits) => (if word.starts_with('-') { -1.0 } else { 1.0 }, digits),
        None => (1.0, word),
    };
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        return Meaning::Float(sign * f64::INFINITY);
    }
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return Meaning::Text;
    }
    number(word, digits)
}

fn number(word: &str, digits: &str) -> Meaning {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        let Some(rest) = word.strip_prefix(prefix).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
        else {
            continue;
        };
        return i64::from_str_radix(rest, radix).map_or(Meaning::Text, Meaning::Int);
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let octal_once = digits.len() > 1 && digits.starts_with('0');
        return word.parse().ok().filter(|_| !octal_once).map_or(Meaning::OddInt, Meaning::Int);
    }
    let grouped = digits.contains('_') && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if grouped {
        return Meaning::OddInt;
    }
    if is_date(digits) {
        return Meaning::Date;
    }
    let looks_like_float = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    match word.parse() {
        Ok(value) if looks_like_float => Meaning::Float(value),
        _ => Meaning::Text,
    }
}

/// Whether a word is a date such as `2020-01-01`, with or without a time.
fn is_date(word: &str) -> bool {
    let mut parts = word.splitn(3, '-');
    let is_number = |part: Option<&str>, digits: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let year = is_number(parts.next(), 4..=4);
    let month = is_number(parts.next(), 1..=2);
    let day = parts.next().map(|rest| rest.split(['T', 't', ' ']).next().unwrap_or_default());
    year && month && is_number(day, 1..=2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_quotes_mean_what_yaml_takes_them_for() {
        for (word, wanted) in [
            ("etl", Meaning::Text),
            ("1.2.3", Meaning::Text),
            ("12:30", Meaning::Text),
            ("-etl", Meaning::Text),
            ("~", Meaning::Null),
            ("True", Meaning::Bool(true)),
            ("off", Meaning::OldBool(false)),
            ("-3", Meaning::Int(-3)),
            ("0x1F", Meaning::Int(31)),
            ("010", Meaning::OddInt),
            ("1_000", Meaning::OddInt),
            ("99999999999999999999", Meaning::OddInt),
            ("1e3", Meaning::Float(1000.0)),
            (".5", Meaning::Float(0.5)),
            ("-.inf", Meaning::Float(f64::NEG_INFINITY)),
            ("2020-01-01", Meaning::Date),
            ("2020-01-01T10:00:00Z", Meaning::Date),
            (".", Meaning::Text),
        ] {
            assert_eq!(meaning(word), wanted, "{word}");
        }
    }
}
