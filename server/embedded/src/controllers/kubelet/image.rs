//! How a container behaves by its image: it runs without code, unless a segment of the tag asks for a failure.

use serde_json::Value;

/// The behavior of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behavior {
    /// Runs indefinitely (an init container completes).
    Fine,
    /// `sim-fail`: the image cannot be pulled.
    NoImage,
    /// `sim-crash`: exits with a traceback at every run.
    Crash,
    /// `sim-oom`: is OOM-killed at every run.
    OutOfMemory,
    /// `sim-slow`: takes 30 seconds to start.
    Slow,
    /// `sim-unschedulable`: its pod cannot be scheduled.
    Unschedulable,
}

/// The behavior of `image`, chosen by the first `sim-…` word that is a segment of its tag, delimited by `-`, `.`, `_`
/// or the ends of the tag.
pub fn behavior(image: &str) -> Behavior {
    let words = [
        ("sim-fail", Behavior::NoImage),
        ("sim-crash", Behavior::Crash),
        ("sim-oom", Behavior::OutOfMemory),
        ("sim-slow", Behavior::Slow),
        ("sim-unschedulable", Behavior::Unschedulable),
    ];
    let tag = tag(image);
    let found = words.iter().find(|(word, _)| has_segment(tag, word));
    found.map_or(Behavior::Fine, |(_, behavior)| *behavior)
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
    fn only_a_whole_segment_of_the_tag_causes_a_failure() {
        let cases = [
            ("a/b:sim-fail", Behavior::NoImage),
            ("localhost:5000/b:1.0-sim-crash", Behavior::Crash),
            ("b:sim-oom.2@sha256:00", Behavior::OutOfMemory),
            ("b:v1_sim-slow_x", Behavior::Slow),
            ("b:sim-unschedulable", Behavior::Unschedulable),
            ("b:sim-failing", Behavior::Fine),
            ("b:mysim-fail", Behavior::Fine),
            ("sim-fail/sim-fail", Behavior::Fine),
            ("b", Behavior::Fine),
        ];
        for (image, expected) in cases {
            assert_eq!(behavior(image), expected, "{image}");
        }
    }
}
