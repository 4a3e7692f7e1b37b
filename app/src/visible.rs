//! Prepares log lines of processes for display: cut to a length, with invisible and misleading characters replaced.

/// Maximum number of bytes shown of one line; longer lines are data.
pub const LONGEST_LINE: usize = 4 * 1024;

/// Formats a log line. Control characters become their symbols (`␀`, `␛`, `␍`); invisible characters and those that
/// change the reading direction become their code point (`<U+202E>`). A cut line ends with the number of missing bytes.
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
        line += &format!("… ({} more bytes)", text.len() - shown.len());
    }
    line
}

/// Control characters beyond ASCII, marks and overrides of the reading direction, line separators, and zero-width
/// characters.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_replaced() {
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
        assert!(line(&"x".repeat(5_000)).ends_with("x… (904 more bytes)"));
    }
}
