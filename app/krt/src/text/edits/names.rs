//! Maps that should have been names: keeps their keys and removes their values.

use super::entries::colon;
use super::slice;
use crate::text::Range;

/// A map from its first key to the end of its last value; `None` if a comment or an anchor would be lost.
pub(super) fn map(text: &str, map: Range, last: (Range, Range)) -> Option<Range> {
    let is_flow = slice(text, map)?.starts_with('{');
    let at = if is_flow { map } else { Range { start: map.start, end: entry(text, last)?.end } };
    is_all_of_it(text, at).then_some(at)
}

/// The list of a map's keys, in block or flow style like the map.
pub(super) fn list(text: &str, map: Range, entries: &[(Range, Range)]) -> Option<Vec<(Range, String)>> {
    let key = |entry: &(Range, Range)| slice(text, entry.0);
    if slice(text, map)?.starts_with('{') {
        let keys: Option<Vec<&str>> = entries.iter().map(key).collect();
        return is_all_of_it(text, map).then_some(vec![(map, format!("[{}]", keys?.join(", ")))]);
    }
    let item = |one: &(Range, Range)| {
        let at = entry(text, *one)?;
        is_all_of_it(text, at).then_some((at, format!("- {}", key(one)?)))
    };
    entries.iter().map(item).collect()
}

/// A key with its value.
fn entry(text: &str, (key, value): (Range, Range)) -> Option<Range> {
    let end = if value.end > key.end { value.end } else { colon(text, key)? };
    let content = slice(text, Range { start: key.start, end })?.trim_end();
    Some(Range { start: key.start, end: key.start + content.len() as u32 })
}

/// Whether the range contains no comment and no anchor.
fn is_all_of_it(text: &str, at: Range) -> bool {
    slice(text, at).is_some_and(|gone| !gone.contains(['#', '&']))
}
