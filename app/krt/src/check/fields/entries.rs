//! The entries of a map: its own, and those merged into it.

use std::collections::HashSet;

use smallvec::SmallVec;

use super::Entry;
use crate::check::places::Range;
use crate::check::problem::{Problem, Problems};
use crate::check::tree::{Id, Kind, MERGE, Tree};
use crate::check::values::kind_name;

/// In a map with more entries than this, keys are looked up in a set and not one by one.
const FEW: usize = 16;

/// Most maps have no more entries than this: they are kept without an allocation.
const USUAL: usize = 8;

/// A map's own entries, then those merged into it (`<<`), each key once.
pub(super) struct Entries<'a> {
    list: SmallVec<[Entry<'a>; USUAL]>,
    /// Something was to be merged that is no map: what it should have held is not known.
    pub(super) lacks_a_merge: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn of(tree: &'a Tree<'a>, id: Id, problems: &mut Problems) -> Entries<'a> {
        match &tree.value(id).kind {
            Kind::Map(written) if tree.value(id).is_simple => {
                let list = tree.pairs(*written).iter().filter_map(|pair| entry(tree, pair)).collect();
                Entries { list, lacks_a_merge: false }
            }
            _ => {
                let mut found = Found { entries: SmallVec::new(), seen: HashSet::new(), lacks_a_merge: false };
                found.add(tree, id, problems);
                Entries { list: found.entries, lacks_a_merge: found.lacks_a_merge }
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.list.iter()
    }

    pub(super) fn find(&self, key: &str) -> Option<Entry<'a>> {
        self.list.iter().find(|entry| entry.key == key).copied()
    }

    /// The first entry, with its value when that is a scalar.
    pub(super) fn head(&self, tree: &Tree<'_>) -> Option<Range> {
        let first = self.list.first()?;
        let value = tree.written(first.value);
        let end = if matches!(value.kind, Kind::Scalar(_)) { value.at.end.max(first.at.end) } else { first.at.end };
        Some(Range { start: first.at.start, end })
    }
}

/// An entry whose key is a word.
fn entry<'a>(tree: &'a Tree<'a>, [key, value]: &[Id; 2]) -> Option<Entry<'a>> {
    Some(Entry { key: tree.word(*key)?, at: tree.at(*key), value: *value })
}

struct Found<'a> {
    entries: SmallVec<[Entry<'a>; USUAL]>,
    /// The keys of the entries, once there are more than [`FEW`].
    seen: HashSet<&'a str>,
    lacks_a_merge: bool,
}

impl<'a> Found<'a> {
    fn add(&mut self, tree: &'a Tree<'a>, id: Id, problems: &mut Problems) {
        let Some(pairs) = tree.map(id) else {
            let what = kind_name(tree, id);
            let message = format!("only a map can be merged with `<<`, not {what}");
            self.lacks_a_merge = true;
            problems.push(Problem::error("yaml-merge", tree.at(id), message).help("refer to a map: `<<: *name`"));
            return;
        };
        let mut merges = Vec::new();
        for pair in pairs {
            let Some(found) = entry(tree, pair) else { continue };
            if found.key == MERGE && tree.is_plain(pair[0]) {
                merges.push(pair[1]);
            } else if self.is_new(found.key) {
                self.entries.push(found);
            }
        }
        for merge in merges {
            match tree.list(merge) {
                Some(maps) => maps.iter().for_each(|map| self.add(tree, *map, problems)),
                None => self.add(tree, merge, problems),
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
