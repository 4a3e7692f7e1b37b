//! The entries of a map: its own and those merged into it.

use std::collections::HashSet;

use super::Entry;
use crate::check::key::Key;
use crate::check::problem::{Problem, Problems};
use crate::check::tree::{Id, MERGE, Tree, ValueKind};
use crate::check::values::kind_name;
use crate::text::Range;

/// In a map with more entries than this, keys are looked up in a set instead of one by one.
const FEW: usize = 16;

/// No entry has this key.
const NOWHERE: u32 = u32::MAX;

/// A map's own entries, then those merged into it (`<<`), each key once.
pub(super) struct Entries<'a> {
    tree: &'a Tree<'a>,
    /// The entries of a simple map, borrowed from the tree. Most maps are simple.
    simple: &'a [[Id; 2]],
    /// The entries of any other map.
    found: Vec<Entry<'a>>,
    /// The index of the entry of each key.
    places: [u32; Key::COUNT],
    /// A merged value is not a map, so the keys it should have added are unknown.
    pub(super) lacks_a_merge: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn of(tree: &'a Tree<'a>, id: Id, problems: &mut Problems) -> Entries<'a> {
        let value = tree.value(id);
        let places = [NOWHERE; Key::COUNT];
        let mut entries = match &value.kind {
            ValueKind::Map(written) if value.is_simple => {
                Entries { tree, simple: tree.pairs(*written), found: Vec::new(), places, lacks_a_merge: false }
            }
            _ => {
                let mut found = FoundEntry { entries: Vec::new(), seen: HashSet::new(), lacks_a_merge: false };
                found.add(tree, id, problems);
                Entries { tree, simple: &[], found: found.entries, places, lacks_a_merge: found.lacks_a_merge }
            }
        };
        for (place, [key, _]) in entries.simple.iter().enumerate() {
            if let Some(key) = tree.written(*key).key {
                entries.places[key as usize] = place as u32;
            }
        }
        for (place, entry) in entries.found.iter().enumerate() {
            if let Some(key) = Key::of(entry.key) {
                entries.places[key as usize] = place as u32;
            }
        }
        entries
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Entry<'a>> {
        let tree = self.tree;
        self.simple.iter().filter_map(move |pair| entry(tree, pair)).chain(self.found.iter().copied())
    }

    pub(super) fn get(&self, key: Key) -> Option<Entry<'a>> {
        let place = self.places[key as usize] as usize;
        match self.simple.get(place) {
            Some(pair) => entry(self.tree, pair),
            None => self.found.get(place).copied(),
        }
    }

    /// Whether every entry has one of these keys.
    pub(super) fn are_among(&self, keys: &[Key]) -> bool {
        let known = keys.iter().filter(|key| self.places[**key as usize] != NOWHERE).count();
        known == self.simple.len() + self.found.len()
    }

    /// The range of the first entry, including its value if that is a scalar.
    pub(super) fn head(&self) -> Option<Range> {
        let first = self.iter().next()?;
        let value = self.tree.written(first.value);
        let end =
            if matches!(value.kind, ValueKind::Scalar(_)) { value.at.end.max(first.at.end) } else { first.at.end };
        Some(Range { start: first.at.start, end })
    }
}

/// The entry, if its key is a scalar.
fn entry<'a>(tree: &'a Tree<'a>, [key, value]: &[Id; 2]) -> Option<Entry<'a>> {
    Some(Entry { key: tree.word(*key)?, at: tree.at(*key), value: *value })
}

struct FoundEntry<'a> {
    entries: Vec<Entry<'a>>,
    /// The keys of the entries, once there are more than [`FEW`].
    seen: HashSet<&'a str>,
    lacks_a_merge: bool,
}

impl<'a> FoundEntry<'a> {
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
