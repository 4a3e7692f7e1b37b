//! Deceptive characters: invisible ones, and those that look like others.
//!
//! Sources: Unicode's `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt) and UTS #39 (confusables, scripts).

use unicode_security::{GeneralSecurityProfile, MixedScript, is_potential_mixed_script_confusable_char, skeleton};

/// Finds an invisible character in a name. Joiners are valid between emoji and in Persian, but are rejected here, too:
/// two names must never differ only in invisible characters.
pub(crate) fn hidden_in_a_name(name: &str) -> Option<char> {
    name.chars().find(|c| is_hidden(*c) || matches!(c, '\n' | '\r' | '\t'))
}

/// Finds an invisible character in longer text. Joiners and variation selectors are allowed where a script or an emoji
/// needs them: after a visible non-ASCII character, or after a digit that becomes a keycap.
pub(crate) fn hidden_in_a_text(text: &str) -> Option<char> {
    let mut before = ' ';
    text.chars().find(|c| {
        let joins = matches!(c, '\u{200c}' | '\u{200d}') && !before.is_ascii() && !before.is_whitespace();
        let varies =
            matches!(c, '\u{fe0e}' | '\u{fe0f}') && (!before.is_ascii() || matches!(before, '0'..='9' | '#' | '*'));
        let is_meant = joins || (varies && !before.is_whitespace()) || matches!(c, '\n' | '\r' | '\t');
        if !is_hidden(*c) || matches!(c, '\u{fe0e}' | '\u{fe0f}') {
            before = *c;
        }
        is_hidden(*c) && !is_meant
    })
}

/// Control characters and characters without a glyph: `Default_Ignorable_Code_Point`, line separators, Braille blank.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Finds a character that looks like another one: in a word of two scripts (Cyrillic `а` among Latin letters), or an
/// unusual form of a Latin letter or digit (full width, mathematical).
pub(crate) fn lookalike(name: &str) -> Option<(char, String)> {
    for word in name.split(|c: char| !c.is_alphanumeric()) {
        let is_mixed = !word.is_single_script();
        let found = word.chars().find(|c| {
            let passes = is_mixed && !c.is_ascii() && is_potential_mixed_script_confusable_char(*c);
            let is_disguised = !c.is_ascii() && !c.identifier_allowed() && looks(*c).is_ascii();
            passes || is_disguised
        });
        if let Some(c) = found {
            return Some((c, looks(c)));
        }
    }
    None
}

fn looks(c: char) -> String {
    skeleton(c.encode_utf8(&mut [0; 4])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_found_in_names() {
        for name in
            ["a\u{200b}b", "a\u{ad}b", "a\u{feff}", "a\u{fe0f}", "a\u{e0041}", "\u{3164}", "a\u{202e}", "a\0", "a\nb"]
        {
            assert!(hidden_in_a_name(name).is_some(), "{name:?}");
        }
        for name in ["Fraud detection", "Größe", "検知 システム", "📦 packages", "Отчёты"] {
            assert_eq!(hidden_in_a_name(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_text_may_have_joiners_where_a_script_or_an_emoji_needs_them() {
        for text in [
            "family 👨\u{200d}👩\u{200d}👧",
            "می\u{200c}خواهم",
            "❤\u{fe0f} it",
            "1\u{fe0f}\u{20e3} first",
            "two\n\tlines\r\n",
        ] {
            assert_eq!(hidden_in_a_text(text), None, "{text:?}");
        }
        for text in ["a\u{200d}b", "a\u{200c}", "x\u{fe0f}", "a\u{200b}b", "\u{2066}x", "tag\u{e0041}", "👨\u{200b}"]
        {
            assert!(hidden_in_a_text(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn lookalikes_are_found_but_not_in_words_of_one_script() {
        for (name, found, like) in [
            ("Fraud d\u{435}tection", '\u{435}', "e"),
            ("\u{ff26}raud", '\u{ff26}', "F"),
            ("\u{1d405}raud", '\u{1d405}', "F"),
            ("\u{391}lpha", '\u{391}', "A"),
        ] {
            assert_eq!(lookalike(name), Some((found, like.to_owned())), "{name}");
        }
        for name in ["Fraud detection", "Отчёты GPU", "Größe 2", "検知システム v2", "Ελλάδα", "データ", "📦 x", "naïve"]
        {
            assert_eq!(lookalike(name), None, "{name}");
        }
    }
}
