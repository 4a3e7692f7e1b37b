//! Characters that no manifest should have, wherever they stand.

use super::Text;
use crate::check::fixes::ProposedEdit;
use crate::check::places::Range;
use crate::check::problem::{Problem, Problems};
use crate::check::words::quote;

/// More characters than this that no text has, and it is none.
const BINARY: usize = 10;

/// A mend has at most so many edits.
const MANY: usize = 100;

/// More characters than this and a description is no longer one: it belongs into `docs/README.md`.
const LONG_DESCRIPTION: usize = 2_000;

/// More characters than this are refused: every page about the version repeats its description.
const LONGEST_DESCRIPTION: usize = 20_000;

/// How many bytes are looked at together.
const CHUNK: usize = 64;

/// What a walk through the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    Text,
    /// There is no use in reading on.
    Binary,
}

/// Reports characters that YAML forbids, and those that reverse the direction of writing.
pub(crate) fn characters(text: &str, problems: &mut Problems) -> Readable {
    let mut forbidden: Vec<(Range, char)> = Vec::new();
    let mut reversed: Vec<Range> = Vec::new();
    let bytes = text.as_bytes();
    // Up to where single bytes are looked at, as there is something among them.
    let (mut at, mut mixed) = (0, 0);
    while at < bytes.len() {
        // Nearly all of a manifest is plain ASCII: no decoding for it, and no look at single bytes.
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
            let message = "the manifest is no text";
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

/// The same in a description whose characters are written as escapes; and that it says something, in so many words.
pub(super) fn description(description: &Text<'_>, problems: &mut Problems) {
    let Text { value, at } = description;
    if value.contains(is_reversing) && !problems.has("text-direction") {
        problems.push(reversing(*at));
    } else if value.trim().is_empty() {
        let message = format!("the description {} says nothing", quote(value));
        problems.push(Problem::warning("description-blank", *at, message).help("write a sentence"));
    }
    // Bytes first: they are known without counting, and no text has more characters than bytes.
    let length = if value.len() > LONG_DESCRIPTION { value.chars().count() } else { 0 };
    let help = "say in a few sentences what is new, and write the rest into docs/README.md of the package";
    if length > LONGEST_DESCRIPTION {
        let message = format!("the description has {length} characters; the limit is {LONGEST_DESCRIPTION}");
        problems.push(Problem::error("description-too-long", *at, message).help(help));
    } else if length > LONG_DESCRIPTION {
        let message = format!("the description has {length} characters; more than {LONG_DESCRIPTION} are not read");
        problems.push(Problem::warning("description-long", *at, message).help(help));
    }
}

fn reversing(at: Range) -> Problem {
    Problem::warning(
        "text-direction",
        at,
        "a character here reverses the direction of writing: what one sees is not what is read",
    )
    .help("remove the character")
}

/// Not `c-printable` of YAML 1.2 (section 5.1).
fn is_forbidden(character: char) -> bool {
    let allowed = matches!(character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    !allowed
}

/// The bidirectional controls of "Trojan Source".
fn is_reversing(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn what_it_may_be(text: &str) -> &'static str {
    let zeros = text.bytes().take(1000).filter(|byte| *byte == 0).count();
    if zeros * 3 > text.len().min(1000) {
        "it seems to be UTF-16: save it as UTF-8"
    } else {
        "save it as plain text, in UTF-8"
    }
}
