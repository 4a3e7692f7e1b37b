//! The entries of a map: its own, and those merged into it.

use std::collections::BTreeSet;

use super::Entry;
use crate::check::places::Range;
use crate::check::problem::{Problem, Problems};
use crate::check::tree::{Id, Kind, Tree};
use crate::check::values::kind_name;

/// A map's own entries, then those merged into it (`<<`), each key once.
pub(super) fn collect<'a>(
    tree: &'a Tree<'a>,
    id: Id,
    entries: &mut Vec<Entry<'a>>,
    seen: &mut BTreeSet<&'a str>,
    problems: &mut Problems,
) {
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
        } else if seen.insert(&scalar.text) {
            entries.push(Entry { key: &scalar.text, at: tree.at(*key), value: *value });
        }
    }
    for merge in merges {
        match &tree.value(merge).kind {
            Kind::List(maps) => maps.iter().for_each(|map| collect(tree, *map, entries, seen, problems)),
            _ => collect(tree, merge, entries, seen, problems),
        }
    }
}

/// The first entry of a map, with its value when that is a scalar.
pub(super) fn head(tree: &Tree<'_>, entries: &[Entry<'_>]) -> Option<Range> {
    let first = entries.first()?;
    let value = tree.written(first.value);
    let end = if matches!(value.kind, Kind::Scalar(_)) { value.at.end.max(first.at.end) } else { first.at.end };
    Some(Range { start: first.at.start, end })
}
