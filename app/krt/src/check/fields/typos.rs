//! Missing and unknown keys. Often both are one misspelled key, which is reported once.

use std::cell::OnceCell;

use super::about;
use super::{Entry, Fields};
use crate::check::key::Key;
use crate::check::problem::{Problem, Problems};
use crate::text::{ProposedEdit, Range, closest, did_you_mean, quote};

/// Words that people write instead of a key and that edit distance does not relate to the key.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("desc", "description"),
    ("source", "src"),
    ("path", "src"),
    ("file", "src"),
    ("ver", "version"),
    ("protofile", "proto"),
    ("protoFile", "proto"),
    ("proto_file", "proto"),
    ("protobuf", "proto"),
    ("img", "image"),
    ("entry", "entrypoint"),
    ("exit", "exitpoint"),
    ("output", "exitpoint"),
    ("inputs", "subscriptions"),
    ("subscribes", "subscriptions"),
    ("sequence", "sequential"),
    ("steps", "sequential"),
];

impl<'a> Fields<'a, '_> {
    /// Reports a missing key. A similar unknown key is taken for a typo of the missing one.
    pub(crate) fn report_missing(&mut self, key: Key, problems: &mut Problems) {
        // The failed merge may have contained the key.
        if self.entries.lacks_a_merge {
            return;
        }
        if let Some((wrong, at)) = self.lookalike(key) {
            let key = key.name();
            let message = format!("{} is missing in {}, which has {} instead", quote(key), self.owner, quote(wrong));
            if let Some(sign) = joined(key, wrong) {
                let start = at.start + key.len() as u32;
                let sign = Range { start, end: start + sign.len() as u32 };
                let problem = Problem::error("key-missing", at, message).help("write `key: value`, with a space");
                let title = format!("write {} and a space", quote(&format!("{key}:")));
                problems.push(problem.fix(title, [ProposedEdit::Replace(sign, ": ".to_owned())]));
                return;
            }
            let help = format!("rename {} to {}", quote(wrong), quote(key));
            let problem = Problem::error("key-missing", at, message).help(help.clone());
            problems.push(problem.fix(help, [ProposedEdit::Value(at, key.to_owned())]));
            return;
        }
        self.report_missing_with(key, None, problems);
    }

    /// Reports a missing key that no other key resembles, with the changes that would add it.
    pub(crate) fn report_missing_with(
        &self,
        key: Key,
        fix: Option<(String, Vec<ProposedEdit>)>,
        problems: &mut Problems,
    ) {
        // The failed merge may have contained the key.
        if self.entries.lacks_a_merge {
            return;
        }
        let message = format!("{} is missing in {}", quote(key.name()), self.owner);
        let problem =
            Problem::error("key-missing", self.head, message).maybe_help(about(key.name()).map(str::to_owned));
        problems.push(match fix {
            Some((title, changes)) => problem.fix(title, changes),
            None => problem,
        });
    }

    /// An unknown key that was probably meant to be this one.
    pub(crate) fn lookalike(&self, key: Key) -> Option<(&'a str, Range)> {
        let unknown = || self.entries.iter().filter(|entry| !self.is_known(entry));
        let key = key.name();
        let is_meant = |word: &str| is_other_word(word, key) || joined(key, word).is_some();
        let near = unknown().find(|entry| is_meant(entry.key)).map(|entry| entry.key);
        let near = near.or_else(|| closest(key, unknown().map(|entry| entry.key)))?;
        unknown().find(|entry| entry.key == near).map(|entry| (entry.key, entry.at))
    }

    /// Warns of every key that is unknown here. `elsewhere` returns the help for keys that are valid in another place.
    pub(crate) fn report_unknown(&self, elsewhere: impl Fn(&str) -> Option<String>, problems: &mut Problems) {
        if self.entries.are_among(self.known) {
            return;
        }
        let known = || self.known.iter().map(|key| key.name());
        // Computed once: a hostile map has many entries.
        let missing: OnceCell<Vec<&str>> = OnceCell::new();
        let is_missing = |key: &&Key| !self.has(**key);
        let missing = || missing.get_or_init(|| self.known.iter().filter(is_missing).map(|key| key.name()).collect());
        for entry in self.entries.iter() {
            // `x-…: &anchor` is the usual way to share a value between several places.
            let is_template = entry.key.starts_with("x-") && self.tree.written(entry.value).anchored;
            if self.is_known(&entry) || is_template {
                continue;
            }
            let message = format!("{} is not a key of {} and is ignored", quote(entry.key), self.owner);
            if problems.is_full_of_warnings() {
                problems.push(Problem::warning("key-unknown", entry.at, message));
                continue;
            }
            let problem = Problem::warning("key-unknown", entry.at, message);
            let elsewhere = elsewhere(entry.key);
            let other = || missing().iter().copied().find(|key| is_other_word(entry.key, key));
            let near = || other().or_else(|| closest(entry.key, missing().iter().copied()));
            // A key that belongs elsewhere or resembles a known key is intended: the fix does not turn it into a
            // comment.
            problems.push(match (elsewhere, near()) {
                (Some(help), _) => problem.help(help),
                (None, Some(near)) => {
                    let title = format!("rename it to {}", quote(near));
                    problem.help(did_you_mean(near)).fix(title, [ProposedEdit::Value(entry.at, near.to_owned())])
                }
                (None, None) => match closest(entry.key, known()) {
                    Some(near) => problem.help(did_you_mean(near)),
                    // The key is intended for another place, which often lacks it: the fix does not turn it into a
                    // comment.
                    None if Key::of(entry.key).is_some() => {
                        problem.help("this key belongs to another part of the manifest: indent it like the keys there")
                    }
                    None => {
                        let comment = ProposedEdit::Comment { key: entry.at, value: self.tree.at(entry.value) };
                        let problem = problem.help("remove it or turn it into a comment");
                        problem.fix("turn it into a comment", [comment])
                    }
                },
            });
        }
    }

    fn is_known(&self, entry: &Entry<'_>) -> bool {
        Key::of(entry.key).is_some_and(|key| self.known.contains(&key))
    }
}

/// Whether a word was probably meant to be this key.
pub(in crate::check) fn means(word: &str, key: &str) -> bool {
    word == key || is_other_word(word, key) || closest(key, [word].into_iter()).is_some()
}

fn is_other_word(word: &str, key: &str) -> bool {
    OTHER_WORDS.iter().any(|(theirs, ours)| *theirs == word && *ours == key)
}

/// The text between a key and its value instead of `: `, if YAML reads them as one word: `key:value`, `key=value`.
fn joined<'w>(key: &str, word: &'w str) -> Option<&'w str> {
    let rest = word.strip_prefix(key)?;
    let value = rest.trim_start_matches(' ').strip_prefix([':', '='])?.trim_start_matches(' ');
    (!value.is_empty()).then(|| &rest[..rest.len() - value.len()])
}
