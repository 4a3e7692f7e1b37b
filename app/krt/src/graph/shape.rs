//! The size of the card of a process: from generously estimated text widths, since fonts differ and neither the server
//! nor a worker can measure them.

use super::{NodeKind, Placed, processes};
use crate::outline::WorkflowOutline;

/// Longest name drawn in full, in characters; the format allows 19.
const LONGEST_NAME: usize = 24;
/// Longest image name, gRPC method or subtopic drawn in full, in characters.
const LONGEST_WORD: usize = 22;
/// Width of the health bar, the icon and the padding of a card, in pixels.
const AROUND_WORDS: i32 = 18 + 38;
/// The same for the entrypoint, whose ends are round.
const AROUND_WORDS_IN_A_PILL: i32 = 24 + 44;
const NARROWEST: i32 = 128;
/// Width of the icon alone, which is beside the first line only, in pixels.
const SIGN: i32 = 20;
/// The third line of the exitpoint's card.
pub const ANSWERS: &str = "⇥ answers the request";

/// Returns one card per process, with its size and layer; not placed yet.
pub(super) fn cards(workflow: &WorkflowOutline, layer_of: &[usize]) -> Vec<Placed> {
    let second_lines =
        [shorten(&workflow.entrypoint, LONGEST_WORD)].into_iter().chain(workflow.nodes.iter().map(|node| {
            // The numbers of ready and desired pods may grow to two digits without changing the size of the card.
            let gpu = if node.gpu { " · GPU" } else { "" };
            format!("{} · 00/00{gpu}", flavour(&node.image))
        }));
    let mut cards: Vec<_> = processes(workflow)
        .zip(second_lines)
        .zip(layer_of)
        .map(|(((name, kind), second_line), layer)| {
            let label = shorten(name, LONGEST_NAME);
            let third_line = if kind == NodeKind::Exitpoint { text_width(ANSWERS, 12) - SIGN } else { 0 };
            let words = text_width(&label, 13).max(text_width(&second_line, 12)).max(third_line);
            let around = if kind == NodeKind::Entrypoint { AROUND_WORDS_IN_A_PILL } else { AROUND_WORDS };
            let width = (around + words).max(NARROWEST);
            Placed { name: name.to_owned(), label, kind, layer: *layer, x: 0, y: 0, width, height: height(kind) }
        })
        .collect();
    even_columns(&mut cards);
    cards
}

/// Returns the name of an image without registry, tag and digest (`kre-py`).
pub fn flavour(image: &str) -> String {
    let without_digest = image.split('@').next().unwrap_or(image);
    let last = without_digest.rsplit('/').next().unwrap_or(without_digest);
    shorten(last.split(':').next().unwrap_or(last), LONGEST_WORD)
}

/// Shortens a text to at most `limit` characters, in the middle, since long names often differ at their end.
pub fn shorten(text: &str, limit: usize) -> String {
    let length = text.chars().count();
    if length <= limit {
        return text.to_owned();
    }
    let head = limit.saturating_sub(1).div_ceil(2);
    let tail = limit.saturating_sub(1) - head;
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(length - tail).collect();
    format!("{first}…{last}")
}

/// Returns the label of a subtopic on its line, and its width in pixels.
pub(super) fn subtopic_label(subtopic: &str) -> (String, i32) {
    let label = shorten(subtopic, LONGEST_WORD);
    let width = text_width(&label, 11);
    (label, width)
}

/// Returns the width of a line of text in pixels at this font size, for wide system fonts (DejaVu, Verdana), semi-bold.
fn text_width(text: &str, font_size: i32) -> i32 {
    let hundredths: i32 = text.chars().map(hundredths_of_an_em).sum();
    (hundredths * font_size + 99) / 100
}

fn hundredths_of_an_em(character: char) -> i32 {
    match character {
        'i' | 'j' | 'l' | '.' | ':' | '\'' | '·' | ' ' => 36,
        'f' | 'r' | 't' | '-' | '/' => 45,
        'm' | 'w' | 'M' | 'W' | '…' => 98,
        'A'..='Z' | '_' => 74,
        _ if character.is_ascii() => 65,
        // Letters of other scripts may be as wide as they are high.
        _ => 100,
    }
}

fn height(kind: NodeKind) -> i32 {
    match kind {
        NodeKind::Entrypoint | NodeKind::Node => 52,
        NodeKind::Exitpoint => 68,
    }
}

/// Makes the cards of a column equally wide.
fn even_columns(cards: &mut [Placed]) {
    let columns = cards.iter().map(|card| card.layer + 1).max().unwrap_or(0);
    let mut widest = vec![0; columns];
    for card in cards.iter() {
        widest[card.layer] = widest[card.layer].max(card.width);
    }
    for card in cards {
        card.width = widest[card.layer];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_name() {
        for (image, word) in [
            ("konstellation/kre-py:latest", "kre-py"),
            ("kre-go", "kre-go"),
            ("registry.example.org:5000/team/runner:1.2@sha256:00ff", "runner"),
        ] {
            assert_eq!(flavour(image), word, "{image}");
        }
    }

    #[test]
    fn long_names_keep_their_beginning_and_their_end() {
        assert_eq!(shorten("short", 24), "short");
        assert_eq!(shorten("abcdefghij", 5), "ab…ij");
        assert_eq!(shorten("äöüäöüäöü", 4), "äö…ü");
        assert_eq!(shorten("ab", 0), "…");
    }
}
