//! What rules propose to change, made into edits of the text; and the proof that each edit mends.

mod entries;
mod groups;
mod names;
mod proof;

use super::places::{Places, Range};
use super::scalar::{Meaning, meaning};
use crate::diagnostic::{Edit, Fix};
pub(crate) use entries::{line as line_around, line_break};
pub(crate) use groups::of as groups;
pub(crate) use proof::{CodeAndPlace, codes_and_places_of, proven};

/// One way to mend a problem, as a rule proposes it.
pub(crate) struct ProposedFix {
    pub(crate) title: String,
    pub(crate) changes: Vec<ProposedEdit>,
}

/// A change of what the manifest says; how it is written depends on the text around it.
#[derive(Clone)]
pub(crate) enum ProposedEdit {
    /// Exactly these characters.
    Replace(Range, String),
    /// Another key or value, quoted as the one there was.
    Value(Range, String),
    /// Quotes around a value.
    Quote(Range),
    /// A value becomes a list of one.
    List(Range),
    /// A map, which ends with this key and value, becomes a single name.
    Name { map: Range, last: (Range, Range), name: String },
    /// A map becomes the list of its keys.
    Names { map: Range, entries: Vec<(Range, Range)> },
    /// An item of a list becomes several.
    Items { at: Range, names: Vec<String> },
    /// An item of a list goes, with its line.
    DropItem(Range),
    /// A key goes, with its value.
    DropEntry { key: Range, value: Range },
    /// A key and its value become a comment.
    Comment { key: Range, value: Range },
    /// A new entry behind the one that ends here, or before it where that is not possible.
    Insert { key: Range, end: u32, entry: String },
    /// The whole line that begins here.
    DropLine(Range),
}

impl ProposedFix {
    /// As edits; `None` when the text is not written in a way that they could be made safely.
    pub(crate) fn to_fix(&self, places: &Places<'_>) -> Option<Fix> {
        let mut edits = Vec::new();
        for change in &self.changes {
            edits.extend(change.edits(places.text())?);
        }
        edits.sort_by_key(|(at, _)| *at);
        edits.dedup();
        let is_in_order = edits.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start);
        let edits = edits.into_iter().map(|(at, text)| Edit { span: places.span(at), text });
        is_in_order.then(|| Fix { title: self.title.clone(), edits: edits.collect() })
    }
}

impl ProposedEdit {
    /// As edits of this text; `None` when it is not written in a way that they could be made safely.
    pub(crate) fn edits(&self, text: &str) -> Option<Vec<(Range, String)>> {
        let one = |at: Range, new: String| Some(vec![(at, new)]);
        match self {
            ProposedEdit::Replace(at, new) => one(*at, new.clone()),
            ProposedEdit::Value(at, new) => {
                let at = behind_colon(text, *at);
                one(at, value(text, at, new)?)
            }
            ProposedEdit::Quote(at) => one(*at, quoted(slice(text, *at)?)?),
            ProposedEdit::List(at) => {
                let word = slice(text, *at)?;
                let is_simple = !word.is_empty() && !word.contains(['[', ']', '{', '}', '#', '\n', '&', '*', '!']);
                one(*at, format!("[{}]", is_simple.then_some(word)?))
            }
            ProposedEdit::Name { map, last, name } => one(names::map(text, *map, *last)?, scalar(name)),
            ProposedEdit::Names { map, entries } => names::list(text, *map, entries),
            ProposedEdit::Items { at, names } => one(*at, entries::items(text, *at, names)?),
            ProposedEdit::DropItem(at) => one(entries::item(text, *at)?, String::new()),
            ProposedEdit::DropEntry { key, value } => one(entries::whole(text, *key, *value)?, String::new()),
            ProposedEdit::Comment { key, value } => entries::commented(text, *key, *value),
            ProposedEdit::Insert { key, end, entry } => {
                entries::inserted(text, *key, *end, entry).map(|edit| vec![edit])
            }
            ProposedEdit::DropLine(at) => one(entries::lines(text, *at), String::new()),
        }
    }
}

fn slice(text: &str, at: Range) -> Option<&str> {
    text.get(at.start as usize..at.end as usize)
}

/// The place of a value that is not there is told at the end of its key: behind the colon is where one would write it.
fn behind_colon(text: &str, at: Range) -> Range {
    let rest = text.get(at.end as usize..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    if at.start < at.end || !rest[blanks..].starts_with(':') {
        return at;
    }
    let place = at.end + blanks as u32 + 1;
    Range { start: place, end: place }
}

/// A value written as the one before it was: in its quotes, or without when it needs none.
fn value(text: &str, at: Range, new: &str) -> Option<String> {
    let old = slice(text, at)?;
    let is_plain_text = new.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !new.contains(['\\', '"', '\'']);
    match old.chars().next() {
        _ if old.contains(['\n', '\r']) => None,
        Some('|' | '>') => None,
        Some('"') if is_plain_text => Some(format!("\"{new}\"")),
        Some('\'') if is_plain_text => Some(format!("'{new}'")),
        // Behind `key:` without a value there may be no blank yet.
        None => {
            let blank = if text.get(..at.start as usize)?.ends_with(':') { " " } else { "" };
            Some(format!("{blank}{}", scalar(new)))
        }
        _ => Some(scalar(new)),
    }
}

/// A text as YAML: without quotes when nothing can take it for something else. Numbers and truth values that are meant
/// as such are written by [`ProposedEdit::Replace`].
pub(crate) fn scalar(value: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let is_plain = value.bytes().all(|byte| is_word(byte) || matches!(byte, b':' | b'@'))
        && value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && !value.ends_with(':')
        && meaning(value) == Meaning::Text;
    if is_plain { value.to_owned() } else { quoted(value).unwrap_or_else(|| format!("{value:?}")) }
}

/// In quotes that need no escapes; `None` when there are none.
fn quoted(value: &str) -> Option<String> {
    let is_printable = !value.contains(|letter: char| letter.is_control());
    match (value.contains(['"', '\\']), value.contains('\'')) {
        (false, _) if is_printable => Some(format!("\"{value}\"")),
        (true, false) if is_printable => Some(format!("'{value}'")),
        _ => None,
    }
}
