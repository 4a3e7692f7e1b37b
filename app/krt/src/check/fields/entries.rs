//! The entries of a map: its own, and those merged into it.

use std::collections::HashSet;

use super::Entry;
use crate::check::places::Range;
use crate::check::problem::{Problem, Problems};
use crate::check::tree::{Id, Kind, Tree};
use crate::check::values::kind_name;

/// In a map with more entries than this, keys are looked up in a set and not one by one.
const FEW: usize = 16;

/// A map's own entries, then those merged into it (`<<`), each key once.
pub(super) fn collect<'a>(tree: &'a Tree<'a>, id: Id, problems: &mut Problems) -> Vec<Entry<'a>> {
    let count = if let Kind::Map(pairs) = &tree.value(id).kind { pairs.len() } else { 0 };
    let mut found = Found { entries: Vec::with_capacity(count), seen: HashSet::new() };
    found.add(tree, id, problems);
    found.entries
}

struct Found<'a> {
    entries: Vec<Entry<'a>>,
    /// The keys of the entries, once there are more than [`FEW`].
    seen: HashSet<&'a str>,
}

impl<'a> Found<'a> {
    fn add(&mut self, tree: &'a Tree<'a>, id: Id, problems: &mut Problems) {
        let Kind::Map(pairs) = &tree.value(id).kind else {
            let what = kind_name(tree, id);
            let message = format!("only a map can be merged with `<<`, not {what}");
            problems.push(Problem::error("yaml-merge", tree.at(id), message).help("refer to a map: `<<: *name`"));
            return;
        };
        let mut merges = Vec::new();
        for (key, value) in pairs {
            let Kind::Scalar(scalar) = &tree.value(*key).kind else { continue };
            if scalar.plain && scalar.text == "<<" {
                merges.push(*value);
            } else if self.is_new(&scalar.text) {
                self.entries.push(Entry { key: &scalar.text, at: tree.at(*key), value: *value });
            }
        }
        for merge in merges {
            match &tree.value(merge).kind {
                Kind::List(maps) => maps.iter().for_each(|map| self.add(tree, *map, problems)),
                _ => self.add(tree, merge, problems),
            }
        }
    }

    fn is_new(&mut self, key: &'a str) -> bool {
        if self.entries.len() < FEW {
            return self.entries.iter().all(|entry| entry.key != key);
        }
        if self.seen.is_empty() {
            self.seen.extend(self.entries.iter().map(|entry| entry.key));
        }
        self.seen.insert(key)
    }
}

/// The first entry of a map, with its value when that is a scalar.
pub(super) fn head(tree: &Tree<'_>, entries: &[Entry<'_>]) -> Option<Range> {
    let first = entries.first()?;
    let value = tree.written(first.value);
    let end = if matches!(value.kind, Kind::Scalar(_)) { value.at.end.max(first.at.end) } else { first.at.end };
    Some(Range { start: first.at.start, end })
}
