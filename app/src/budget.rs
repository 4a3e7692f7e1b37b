//! How much of what people and clusters write a page shows: each is cut to its share, so that no page has more than a
//! megabyte, whatever was uploaded. On the server only; the browser is given what is cut already.

use krt::manifest::Workflow;

use crate::model::MOST_NODES;

/// What an HTML page may have, in bytes, before it is compressed.
pub const PAGE: usize = 1_000_000;

/// Bytes that one byte of text may take on a page at most, as HTML or inside of the JSON in a script.
fn cost(character: char) -> usize {
    match character {
        '<' | '&' => 12,
        '>' | '"' | '\'' | '\\' | '\n' | '\r' | '\t' => 8,
        '\0'..='\x1f' | '\x7f' => 9,
        ' '..='~' => 2,
        // What cannot be seen is escaped in the script: `\u{10fffd}`.
        other => other.len_utf8() + 10,
    }
}

/// What a text costs on a page that holds it as HTML and, for the browser to go on from, in a script.
pub fn weight(text: &str) -> usize {
    text.chars().map(cost).sum()
}

/// What a text costs as HTML alone.
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

/// At most so many characters; what was cut ends in `…`.
pub fn cut(mut text: String, characters: usize) -> String {
    // Nearly always there is nothing to do: bytes are known without counting.
    if text.len() > characters
        && let Some((at, _)) = text.char_indices().nth(characters)
    {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// The beginning of a text that has at most so many bytes, and whether anything was cut off.
pub fn head(text: &str, bytes: usize) -> (&str, bool) {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], end < text.len())
}

/// The beginning of a text that costs at most so much as HTML, and whether anything was cut off.
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

/// The longest share that all of these may have so that their sum stays within `total`: the short ones are left whole,
/// and what they leave is divided among the long ones.
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

/// Arrows that a page draws.
const MOST_ARROWS: usize = 1_000;

/// What the names, images and paths of drawn nodes may weigh: 300 nodes with 500 each.
const MOST_WORDS: usize = 150_000;

/// Whether these workflows fit on a page as pictures, with all details of their nodes.
pub fn is_drawn(workflows: &[Workflow]) -> bool {
    let nodes = || workflows.iter().flat_map(|workflow| &workflow.nodes);
    let arrows = || nodes().flat_map(|node| &node.subscriptions);
    // Counted first, so that a manifest of megabytes is not weighed.
    if nodes().count() > MOST_NODES || arrows().count() > MOST_ARROWS {
        return false;
    }
    let of_workflows = workflows.iter().flat_map(|one| [&one.name, &one.entrypoint, &one.exitpoint]);
    let of_arrows = arrows().flat_map(|arrow| [Some(&arrow.node), arrow.subtopic.as_ref()]).flatten();
    let of_nodes = nodes().flat_map(|node| [&node.name, &node.image, &node.src]);
    of_workflows.chain(of_arrows).chain(of_nodes).map(|text| weight(text)).sum::<usize>() <= MOST_WORDS
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
    fn what_was_cut_says_so_and_is_never_cut_inside_of_a_character() {
        assert_eq!(cut("ääää".to_owned(), 4), "ääää");
        assert_eq!(cut("äääää".to_owned(), 4), "ääää…");
        assert_eq!(head("äää", 3), ("ä", true));
        assert_eq!(head("äää", 6), ("äää", false));
    }
}
