//! Limits on how much foreign text a page shows: each text is cut to its share, so that no page exceeds one megabyte,
//! whatever was uploaded. Server only; the browser receives texts that are already cut.

use krt::manifest::Workflow;

use crate::model::MOST_NODES;

/// Maximum size of an HTML page in bytes, before compression.
pub const PAGE: usize = 1_000_000;

/// Maximum number of bytes that a character takes on a page, as HTML and as JSON in a script together.
fn cost(character: char) -> usize {
    match character {
        '<' | '&' => 12,
        '>' | '"' | '\'' | '\\' | '\n' | '\r' | '\t' => 8,
        '\0'..='\x1f' | '\x7f' => 9,
        ' '..='~' => 2,
        // Invisible characters are escaped in the script: `\u{10fffd}`.
        other => other.len_utf8() + 10,
    }
}

/// The size of a text on a page that contains it as HTML and, for hydration, in a script.
pub fn weight(text: &str) -> usize {
    text.chars().map(cost).sum()
}

/// The size of a text as HTML alone.
pub fn html_weight(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'<' | b'>' => 4,
            b'&' => 5,
            b'"' | b'\'' => 6,
            _ => 1,
        })
        .sum()
}

/// Cuts a text to at most this many characters; a cut text ends in `…`.
pub fn cut(mut text: String, characters: usize) -> String {
    // Fast path: the length in bytes is known without counting characters.
    if text.len() > characters
        && let Some((at, _)) = text.char_indices().nth(characters)
    {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// Returns the longest start of a text within this many bytes, and whether anything was cut off.
pub fn head(text: &str, bytes: usize) -> (&str, bool) {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], end < text.len())
}

/// Returns the longest start of a text that takes at most `most` bytes as HTML, and whether anything was cut off.
pub fn html_head(text: &str, most: usize) -> (&str, bool) {
    if html_weight(text) <= most {
        return (text, false);
    }
    let mut left = most;
    let end = text.char_indices().find(|(at, character)| {
        let cost = html_weight(&text[*at..at + character.len_utf8()]);
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        !fits
    });
    end.map_or((text, false), |(at, _)| (&text[..at], true))
}

/// Returns the largest limit per size that keeps the sum within `total`: short items stay whole, and the space that
/// they leave is divided among the long ones.
pub fn fair_share(sizes: impl IntoIterator<Item = usize>, total: usize) -> usize {
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_unstable();
    let (mut left, count) = (total, sizes.len());
    for (at, size) in sizes.into_iter().enumerate() {
        let share = left / (count - at);
        if size > share {
            return share;
        }
        left -= size;
    }
    usize::MAX
}

/// Maximum number of arrows that a page draws.
const MOST_ARROWS: usize = 1_000;

/// Maximum weight of the names and images of drawn nodes: 300 nodes with 500 each.
const MOST_WORDS: usize = 150_000;

/// Whether these workflows fit on a page as graphs, with all details of their nodes.
pub fn is_drawn(workflows: &[Workflow]) -> bool {
    let nodes = || workflows.iter().flat_map(|workflow| &workflow.nodes);
    let arrows = || nodes().flat_map(|node| &node.subscriptions);
    // Counted first, so that large manifests are rejected without weighing their texts.
    if nodes().count() > MOST_NODES || arrows().count() > MOST_ARROWS {
        return false;
    }
    let of_workflows = workflows.iter().flat_map(|one| [one.name.as_str(), &one.entrypoint, &one.exitpoint]);
    let of_arrows = arrows().flat_map(|arrow| [Some(arrow.node.as_str()), arrow.subtopic.as_deref()]).flatten();
    let of_nodes = nodes().flat_map(|node| [node.name.as_str(), &node.image]);
    of_workflows.chain(of_arrows).chain(of_nodes).map(weight).sum::<usize>() <= MOST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_stay_whole_and_long_ones_share_what_is_left() {
        assert_eq!(fair_share([1, 2, 3], 10), usize::MAX);
        assert_eq!(fair_share([100, 2, 100], 10), 4);
        assert_eq!(fair_share([100; 4], 10), 2);
        assert_eq!(fair_share([], 10), usize::MAX);
    }

    #[test]
    fn cut_texts_are_marked_and_characters_stay_whole() {
        assert_eq!(cut("ääää".to_owned(), 4), "ääää");
        assert_eq!(cut("äääää".to_owned(), 4), "ääää…");
        assert_eq!(head("äää", 3), ("ä", true));
        assert_eq!(head("äää", 6), ("äää", false));
    }
}
