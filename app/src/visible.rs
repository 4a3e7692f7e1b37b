//! What processes write, as a page shows it: short enough, and with nothing in it that lies about what is there.

/// Bytes shown of one line; what writes longer ones writes data.
pub const LONGEST_LINE: usize = 4 * 1024;

/// A line of a log. Controls are shown by their symbols (`␀`, `␛`, `␍`), characters that turn the reading direction round
/// or cannot be seen by their number (`<U+202E>`); of a long line it is said how much is missing.
pub fn line(text: &str) -> String {
    let (shown, is_cut) = crate::budget::head(text, LONGEST_LINE);
    let mut line = String::with_capacity(shown.len());
    for character in shown.chars() {
        match character {
            '\t' => line.push('\t'),
            '\0'..='\x1f' => line.extend(char::from_u32(0x2400 + u32::from(character))),
            '\x7f' => line.push('\u{2421}'),
            hidden if is_hidden(hidden) => line += &format!("<U+{:04X}>", u32::from(hidden)),
            seen => line.push(seen),
        }
    }
    if is_cut {
        line += &format!("… ({} bytes more)", text.len() - shown.len());
    }
    line
}

/// Controls beyond ASCII, marks and overrides of the reading direction, line separators, and what has no width.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown_as_such() {
        for (written, shown) in [
            ("plain\ttext ä", "plain\ttext ä"),
            ("a\0b\u{1b}[31mc\rd\u{7f}", "a␀b␛[31mc␍d␡"),
            ("\u{202e}evil\u{2066}\u{200e}\u{200f}\u{61c}", "<U+202E>evil<U+2066><U+200E><U+200F><U+061C>"),
            ("\u{85}\u{feff}\u{200b}", "<U+0085><U+FEFF><U+200B>"),
        ] {
            assert_eq!(line(written), shown);
        }
    }

    #[test]
    fn a_long_line_says_how_much_is_missing() {
        assert_eq!(line(&"x".repeat(LONGEST_LINE)).len(), LONGEST_LINE);
        assert!(line(&"x".repeat(5_000)).ends_with("x… (904 bytes more)"));
    }
}
