//! Characters that no manifest should contain.

use super::Text;
use crate::check::problem::{Problem, Problems};
use crate::manifest::forms::MAX_DESCRIPTION;
use crate::text::{ProposedEdit, Range, quote};

/// A file with more forbidden characters than this is not a text.
const BINARY: usize = 10;

/// The most edits in a fix.
const MANY: usize = 100;

/// A description with more characters than this causes a warning: it belongs in `docs/README.md`.
const LONG_DESCRIPTION: usize = 2_000;

/// How many bytes are tested together.
const CHUNK: usize = 64;

/// The result of scanning the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    Text,
    /// Not text, so it is not read further.
    Binary,
}

/// Reports characters that YAML forbids, and those that reverse the text direction.
pub(crate) fn characters(text: &str, problems: &mut Problems) -> Readable {
    let mut forbidden: Vec<(Range, char)> = Vec::new();
    let mut reversed: Vec<Range> = Vec::new();
    let bytes = text.as_bytes();
    // Up to `mixed`, bytes are tested one by one, because the chunk is not plain.
    let (mut at, mut mixed) = (0, 0);
    while at < bytes.len() {
        // Nearly all of a manifest is plain ASCII, which needs no decoding and no test of single bytes.
        let is_plain =
            |byte: u8| (byte.wrapping_sub(b' ') <= b'~' - b' ') | (byte == b'\n') | (byte == b'\r') | (byte == b'\t');
        if at >= mixed
            && let Some(chunk) = bytes[at..].first_chunk::<CHUNK>()
        {
            if chunk.iter().fold(true, |all, byte| all & is_plain(*byte)) {
                at += CHUNK;
                continue;
            }
            mixed = at + CHUNK;
        }
        if is_plain(bytes[at]) {
            at += 1;
            continue;
        }
        let Some(character) = text[at..].chars().next() else { break };
        let range = Range { start: at as u32, end: (at + character.len_utf8()) as u32 };
        if is_forbidden(character) {
            forbidden.push((range, character));
        } else if is_reversing(character) {
            reversed.push(range);
        }
        if forbidden.len() > BINARY {
            let message = "the manifest is not a text file";
            problems.push(Problem::error("manifest-binary", forbidden[0].0, message).help(what_it_may_be(text)));
            return Readable::Binary;
        }
        at = range.end as usize;
    }
    for (range, character) in forbidden {
        let message = format!("the control character U+{:04X} is not allowed in YAML", u32::from(character));
        let problem = Problem::error("yaml-control", range, message).help("remove it");
        problems.push(problem.fix("remove the character", [ProposedEdit::Replace(range, String::new())]));
    }
    if let Some(first) = reversed.first() {
        let changes: Vec<ProposedEdit> =
            reversed.iter().take(MANY).map(|range| ProposedEdit::Replace(*range, String::new())).collect();
        problems.push(reversing(*first).fix("remove these characters", changes));
    }
    Readable::Text
}

/// Reports reversing characters that a description contains as escapes, and blank or too long descriptions.
pub(super) fn description(description: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = description;
    if value.contains(is_reversing) && !problems.has("text-direction") {
        problems.push(reversing(*at));
    } else if value.trim().is_empty() {
        let message = format!("the description {} has no text", quote(value));
        problems.push(Problem::warning("description-blank", *at, message).help("describe the version in a sentence"));
    }
    // Bytes first: their number is known, and a text never has more characters than bytes.
    let length = if value.len() > LONG_DESCRIPTION { value.chars().count() } else { 0 };
    let help = "describe in a few sentences what is new, and move the rest to docs/README.md in the package";
    if length > MAX_DESCRIPTION {
        let message = format!("the description has {length} characters; the limit is {MAX_DESCRIPTION}");
        problems.push(Problem::error("description-too-long", *at, message).help(help));
    } else if length > LONG_DESCRIPTION {
        let message = format!("the description has {length} characters; the recommended limit is {LONG_DESCRIPTION}");
        problems.push(Problem::warning("description-long", *at, message).help(help));
    }
}

fn reversing(at: Range) -> Problem {
    Problem::warning(
        "text-direction",
        at,
        "a character here reverses the text direction: people see other text than programs read",
    )
    .help("remove the character")
}

/// Whether a character is not `c-printable` of YAML 1.2 (section 5.1).
fn is_forbidden(character: char) -> bool {
    let allowed = matches!(character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    !allowed
}

/// Whether a character is one of the bidirectional controls of "Trojan Source".
fn is_reversing(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn what_it_may_be(text: &str) -> &'static str {
    let zeros = text.bytes().take(1000).filter(|byte| *byte == 0).count();
    if zeros * 3 > text.len().min(1000) {
        "the file looks like UTF-16: save it as UTF-8"
    } else {
        "save the file as plain text in UTF-8"
    }
}
