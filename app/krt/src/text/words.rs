//! Helpers for messages: quotes values so that they can be shown anywhere, and finds the most similar name.

/// The longest value in a message, in characters.
const MAX_QUOTED: usize = 60;

/// The longest name that is compared with others, in characters: edit distance takes the product of both lengths.
const MAX_COMPARED: usize = 40;

/// The most candidates that a name is compared with.
const MAX_CANDIDATES: usize = 500;

/// A value in backticks: shortened, with control and direction characters written out.
pub(crate) fn quote(value: &str) -> String {
    let mut out = String::from("`");
    for (n, character) in value.chars().enumerate() {
        if n == MAX_QUOTED {
            out.push('…');
            break;
        }
        if character.is_control() || is_deceptive(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out.push('`');
    out
}

/// Whether a character is invisible or changes the direction of the following text.
pub(crate) fn is_deceptive(character: char) -> bool {
    matches!(character,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `did you mean …?` with the result of [`closest`].
pub(crate) fn did_you_mean(near: &str) -> String {
    format!("did you mean {}?", quote(near))
}

/// The candidate most similar to a name, if one is similar enough: equal except for case, or with an edit distance of
/// at most a third of its letters.
pub(crate) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(name)?;
    let limit = (wanted.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.take(MAX_CANDIDATES) {
        let Some(letters) = folded(candidate) else { continue };
        // `exitpoint` for `exitpoint-node`: more similar than any name with two typos.
        let begins = wanted.len() >= 4 && letters.starts_with(&wanted) && letters.get(wanted.len()) == Some(&'-');
        if !begins && letters.len().abs_diff(wanted.len()) > limit {
            continue;
        }
        let found = if begins { 1 } else { distance(&wanted, &letters) };
        if found <= limit && best.is_none_or(|(least, _)| found < least) {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters to compare, in lowercase and with `_` replaced by `-`, which people mix up.
fn folded(name: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = name.chars().take(MAX_COMPARED + 1).collect();
    let fits = !letters.is_empty() && letters.len() <= MAX_COMPARED;
    fits.then(|| letters.iter().map(|letter| if *letter == '_' { '-' } else { letter.to_ascii_lowercase() }).collect())
}

/// Edit distance in which swapping two neighbors counts as one edit (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    for i in 1..=left.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let same = left[i - 1] == right[j - 1];
            row[j] = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + usize::from(!same));
            let swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if swapped {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let keys = ["version", "description", "entrypoint", "workflows", "exit-node"];
        for (typed, wanted) in [
            ("Version", Some("version")),
            ("verison", Some("version")),
            ("workflow", Some("workflows")),
            ("entry_point", Some("entrypoint")),
            ("exit", Some("exit-node")),
            ("secrets", None),
            ("", None),
        ] {
            assert_eq!(closest(typed, keys.into_iter()), wanted, "{typed}");
        }
    }

    #[test]
    fn a_quoted_value_is_short_and_shows_what_cannot_be_seen() {
        assert_eq!(quote("a\u{202e}b\n"), "`a\\u{202e}b\\n`");
        assert_eq!(quote(&"x".repeat(1000)).chars().count(), MAX_QUOTED + 3);
    }
}
