//! Finds the comments in a part of the text that will be removed.

use crate::check::places::Range;

/// The comments in a range, including their `#`. Ignores `#` inside the given values.
pub(super) fn within<'t>(text: &'t str, at: Range, values: &[Range]) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut start = at.start as usize;
    for line in text.get(start..at.end as usize).unwrap_or_default().split_inclusive(['\n', '\r']) {
        let inside = |place: usize| values.iter().any(|value| (value.start..value.end).contains(&(place as u32)));
        let begins = |place: usize| place == 0 || text[..start + place].ends_with([' ', '\t', '\n', '\r']);
        let mut marks = line.match_indices('#').map(|(place, _)| place);
        if let Some(place) = marks.find(|place| begins(*place) && !inside(start + place)) {
            found.push(line[place..].trim_end());
        }
        start += line.len();
    }
    found
}
