//! How large a process is drawn: by the length of its words, estimated generously, since fonts differ and neither the
//! server nor a worker can measure them.

use super::{NodeKind, Placed, processes};
use crate::manifest::Workflow;

/// Longest name drawn whole, in characters; the format allows 19.
const LONGEST_NAME: usize = 24;
/// Longest image flavour, gRPC method or subtopic drawn whole, in characters.
const LONGEST_WORD: usize = 22;
/// Room for the health bar, the sign and the space around the words of a card.
const AROUND_WORDS: i32 = 18 + 38;
/// The same for the entrypoint, whose ends are round.
const AROUND_WORDS_IN_A_PILL: i32 = 24 + 44;
const NARROWEST: i32 = 128;
/// Room for the sign alone, which stands beside the first line only.
const SIGN: i32 = 20;
/// The third line of the exitpoint's card.
pub const ANSWERS: &str = "⇥ answers the request";

/// One card for each process, with its size and layer; not yet placed.
pub(super) fn cards(workflow: &Workflow, layer_of: &[usize]) -> Vec<Placed> {
    let second_lines =
        [shorten(&workflow.entrypoint, LONGEST_WORD)].into_iter().chain(workflow.nodes.iter().map(|node| {
            // Ready and wanted pods may grow to two digits each without the card changing its size.
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

/// What an image is, in a word: its name without registry, tag and digest (`kre-py`).
pub fn flavour(image: &str) -> String {
    let without_digest = image.split('@').next().unwrap_or(image);
    let last = without_digest.rsplit('/').next().unwrap_or(without_digest);
    shorten(last.split(':').next().unwrap_or(last), LONGEST_WORD)
}

/// At most `limit` characters: the middle gives way, since long names often differ at their end.
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

/// How a subtopic is written on its line, and how wide that is.
pub(super) fn subtopic_label(subtopic: &str) -> (String, i32) {
    let label = shorten(subtopic, LONGEST_WORD);
    let width = text_width(&label, 11);
    (label, width)
}

/// Width of a line of text in pixels at this font size: what wide system fonts (DejaVu, Verdana) need in semi-bold.
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
        // Letters of other scripts may be as wide as high.
        _ => 100,
    }
}

fn height(kind: NodeKind) -> i32 {
    match kind {
        NodeKind::Entrypoint | NodeKind::Node => 52,
        NodeKind::Exitpoint => 68,
    }
}

/// Cards that stand below each other are equally wide.
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
