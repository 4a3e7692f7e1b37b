//! Turns changes of a manifest, as rules propose them, into edits of its text.

mod entries;
mod names;

use super::{Meaning, Places, Range, lines, meaning};
use crate::diagnostic::{Edit, Fix};

/// One way to fix a problem, as proposed by a rule.
pub(crate) struct ProposedFix {
    pub(crate) title: String,
    pub(crate) changes: Vec<ProposedEdit>,
}

/// A change of the manifest; how it is written depends on the text around it.
#[derive(Clone)]
pub(crate) enum ProposedEdit {
    /// Replaces exactly these characters.
    Replace(Range, String),
    /// Replaces a key or value, quoted like the old one.
    Value(Range, String),
    /// Puts a value in quotes.
    Quote(Range),
    /// Turns a value into a list of one.
    List(Range),
    /// Turns a map, which ends with this key and value, into a single name.
    Name { map: Range, last: (Range, Range), name: String },
    /// Turns a map into the list of its keys.
    Names { map: Range, entries: Vec<(Range, Range)> },
    /// Splits an item of a list into several.
    Items { at: Range, names: Vec<String> },
    /// Removes an item of a list, with its line.
    DropItem(Range),
    /// Removes a key and its value.
    DropEntry { key: Range, value: Range },
    /// Turns a key and its value into a comment.
    Comment { key: Range, value: Range },
    /// Inserts an entry after the one that ends here, or before it if that is not possible.
    Insert { key: Range, end: u32, entry: String },
    /// Removes the whole line that begins here.
    DropLine(Range),
}

impl ProposedFix {
    /// The fix as edits; `None` if the text is written in a way that they cannot be applied safely.
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
    /// The change as edits of this text; `None` if they cannot be applied safely.
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
            ProposedEdit::Name { map, last, name } => one(names::map(text, *map, *last)?, as_scalar(name)),
            ProposedEdit::Names { map, entries } => names::list(text, *map, entries),
            ProposedEdit::Items { at, names } => one(*at, entries::items(text, *at, names)?),
            ProposedEdit::DropItem(at) => one(entries::item(text, *at)?, String::new()),
            ProposedEdit::DropEntry { key, value } => one(entries::whole(text, *key, *value)?, String::new()),
            ProposedEdit::Comment { key, value } => entries::commented(text, *key, *value),
            ProposedEdit::Insert { key, end, entry } => {
                entries::inserted(text, *key, *end, entry).map(|edit| vec![edit])
            }
            ProposedEdit::DropLine(at) => one(lines::lines(text, *at), String::new()),
        }
    }
}

fn slice(text: &str, at: Range) -> Option<&str> {
    text.get(at.start as usize..at.end as usize)
}

/// The position of an absent value is the end of its key. Moves it after the colon, where the value belongs.
fn behind_colon(text: &str, at: Range) -> Range {
    let rest = text.get(at.end as usize..).unwrap_or_default();
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    if at.start < at.end || !rest[spaces..].starts_with(':') {
        return at;
    }
    let place = at.end + spaces as u32 + 1;
    Range { start: place, end: place }
}

/// A value written like the old one: in the same quotes, or unquoted if it needs no quotes.
fn value(text: &str, at: Range, new: &str) -> Option<String> {
    let old = slice(text, at)?;
    let is_plain_text = new.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !new.contains(['\\', '"', '\'']);
    match old.chars().next() {
        _ if old.contains(['\n', '\r']) => None,
        Some('|' | '>') => None,
        Some('"') if is_plain_text => Some(format!("\"{new}\"")),
        Some('\'') if is_plain_text => Some(format!("'{new}'")),
        // After `key:` without a value, there may be no space yet.
        None => {
            let space = if text.get(..at.start as usize)?.ends_with(':') { " " } else { "" };
            Some(format!("{space}{}", as_scalar(new)))
        }
        _ => Some(as_scalar(new)),
    }
}

/// A text as YAML: unquoted if it cannot be read as another type. [`ProposedEdit::Replace`] writes numbers and booleans
/// that are intended as such.
pub(crate) fn as_scalar(value: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let is_plain = value.bytes().all(|byte| is_word(byte) || matches!(byte, b':' | b'@'))
        && value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && !value.ends_with(':')
        && meaning(value) == Meaning::Text;
    if is_plain { value.to_owned() } else { quoted(value).unwrap_or_else(|| format!("{value:?}")) }
}

/// The value in quotes that need no escapes; `None` if neither kind of quotes is possible.
fn quoted(value: &str) -> Option<String> {
    let is_printable = !value.contains(|letter: char| letter.is_control());
    match (value.contains(['"', '\\']), value.contains('\'')) {
        (false, _) if is_printable => Some(format!("\"{value}\"")),
        (true, false) if is_printable => Some(format!("'{value}'")),
        _ => None,
    }
}
