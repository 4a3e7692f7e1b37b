//! What an image does here: nothing, unless a segment of its tag asks for a failure.

use serde_json::Value;

/// What a container of an image does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Runs for ever (an init container: completes).
    Fine,
    /// `sim-fail`: cannot be pulled.
    NoImage,
    /// `sim-crash`: ends with a traceback again and again.
    Crash,
    /// `sim-oom`: is killed for its memory again and again.
    OutOfMemory,
    /// `sim-slow`: takes 30 seconds to come up.
    Slow,
    /// `sim-unschedulable`: its pod finds no node.
    Unschedulable,
}

/// What `image` does: its tag has a segment, between `-`, `.`, `_` or its ends, equal to one of the words.
pub fn behaviour(image: &str) -> Behaviour {
    let words = [
        ("sim-fail", Behaviour::NoImage),
        ("sim-crash", Behaviour::Crash),
        ("sim-oom", Behaviour::OutOfMemory),
        ("sim-slow", Behaviour::Slow),
        ("sim-unschedulable", Behaviour::Unschedulable),
    ];
    let tag = tag(image);
    let found = words.iter().find(|(word, _)| has_segment(tag, word));
    found.map_or(Behaviour::Fine, |(_, behaviour)| *behaviour)
}

fn tag(image: &str) -> &str {
    let without_digest = image.split('@').next().unwrap_or_default();
    let last = without_digest.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map_or("", |(_, tag)| tag)
}

fn has_segment(tag: &str, word: &str) -> bool {
    let edge = |letter: Option<char>| letter.is_none_or(|letter| "-._".contains(letter));
    tag.match_indices(word)
        .any(|(at, _)| edge(tag[..at].chars().next_back()) && edge(tag[at + word.len()..].chars().next()))
}

/// The image of a container or init container.
pub fn of<'p>(pod: &'p Value, container: &str) -> Option<&'p str> {
    let lists = ["initContainers", "containers"].iter().filter_map(|list| pod["spec"][*list].as_array());
    lists.flatten().find(|one| one["name"] == container)?["image"].as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_segment_of_the_tag_asks_for_a_failure() {
        let cases = [
            ("a/b:sim-fail", Behaviour::NoImage),
            ("localhost:5000/b:1.0-sim-crash", Behaviour::Crash),
            ("b:sim-oom.2@sha256:00", Behaviour::OutOfMemory),
            ("b:v1_sim-slow_x", Behaviour::Slow),
            ("b:sim-unschedulable", Behaviour::Unschedulable),
            ("b:sim-failing", Behaviour::Fine),
            ("b:mysim-fail", Behaviour::Fine),
            ("sim-fail/sim-fail", Behaviour::Fine),
            ("b", Behaviour::Fine),
        ];
        for (image, expected) in cases {
            assert_eq!(behaviour(image), expected, "{image}");
        }
    }
}
