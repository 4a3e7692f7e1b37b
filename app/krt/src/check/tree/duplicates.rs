//! Keys that a map has twice: a mistake, or two list items that a missing `-` joins.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use super::{Id, Tree, Value, ValueKind};
use crate::check::problem::{Problem, Problems};
use crate::text::{ProposedEdit, Range, quote};

/// Reports a key that occurs twice in one map: which value counts depends on the YAML reader, so this is an error.
pub(crate) fn duplicate_keys(tree: &Tree<'_>, problems: &mut Problems) {
    let lists = || {
        tree.values.iter().filter_map(|value| if let ValueKind::List(items) = value.kind { Some(items) } else { None })
    };
    let items =
        LazyCell::new(|| lists().flat_map(|items| tree.items(items)).map(|item| item.0).collect::<HashSet<u32>>());
    for (number, value) in tree.values.iter().enumerate() {
        let ValueKind::Map(entries) = value.kind else { continue };
        if value.is_simple {
            continue;
        }
        let entries = tree.pairs(entries);
        let mut dashes = missing_dashes(tree, value, entries);
        if !dashes.is_empty() && !u32::try_from(number).is_ok_and(|number| items.contains(&number)) {
            dashes.clear();
        }
        let mut dashes = dashes.into_iter().peekable();
        let mut first: BTreeMap<&str, (Range, Id)> = BTreeMap::new();
        // Whether the key above occurs twice as well: then several lines were copied, and removing one of them is no
        // fix.
        let mut is_row = false;
        for (number, [key, written]) in entries.iter().enumerate() {
            let at = tree.at(*key);
            let Some(word) = tree.word(*key) else {
                problems.push(no_word(value, at, entries.len()));
                continue;
            };
            if dashes.next_if_eq(&number).is_some() {
                problems.push(missing_dash(word, at, first.get(word).map(|(first, _)| *first)));
                first.clear();
            }
            let Some((above, same)) = first.get(word) else {
                first.insert(word, (at, *written));
                is_row = false;
                continue;
            };
            let message = format!("the key {} appears twice", quote(word));
            let problem = Problem::error("yaml-key-duplicate", at, message);
            let problem = problem.help("keep one of them").related("it first appears here", *above);
            let next = entries.get(number + 1).and_then(|[next, _]| tree.word(*next));
            let goes_on = next.is_some_and(|next| first.contains_key(next));
            problems.push(if tree.says_the_same(*same, *written) && !is_row && !goes_on {
                problem.fix("remove the second one", [ProposedEdit::DropEntry { key: at, value: tree.at(*written) }])
            } else {
                problem
            });
            is_row = true;
        }
    }
}

/// Whether a list item seems to consist of several items, so that not all of them are read.
pub(crate) fn lacks_a_dash(tree: &Tree<'_>, item: Id) -> bool {
    let value = tree.value(item);
    !value.is_simple && tree.map(item).is_some_and(|entries| !missing_dashes(tree, value, entries).is_empty())
}

/// The entries of a map before which a `-` seems to be missing: the first key repeats, followed by other repeated keys.
fn missing_dashes(tree: &Tree<'_>, map: &Value<'_>, entries: &[[Id; 2]]) -> Vec<usize> {
    let Some([first, _]) = entries.first() else { return Vec::new() };
    // In flow style, the map begins before its first key.
    if tree.at(*first).start != map.at.start {
        return Vec::new();
    }
    let Some(begin) = tree.word(*first) else { return Vec::new() };
    let mut seen = HashSet::new();
    let mut dashes = Vec::new();
    let mut again = None;
    for (number, [key, _]) in entries.iter().enumerate() {
        let Some(word) = tree.word(*key) else { continue };
        let is_new = seen.insert(word);
        if number > 0 && word == begin {
            again = Some(number);
        } else if !is_new {
            dashes.extend(again.take());
        }
    }
    dashes
}

fn missing_dash(key: &str, at: Range, above: Option<Range>) -> Problem {
    let message = format!("a `-` is missing before {}, where the next item of the list begins", quote(key));
    let problem = Problem::error("yaml-key-duplicate", at, message);
    let problem = problem.help(format!("write `- {key}: …`, with the `-` aligned with the one above"));
    let problem = match above {
        Some(above) => problem.related("the item above begins here", above),
        None => problem,
    };
    let indent = Range { start: at.start.saturating_sub(2), end: at.start };
    problem.fix("add the `-`", [ProposedEdit::Replace(indent, "- ".to_owned())])
}

fn no_word(map: &Value<'_>, at: Range, entries: usize) -> Problem {
    if at.start == map.at.start + 1 && entries == 1 {
        Problem::error("yaml-key-form", map.at, "this is a template placeholder, not a value")
            .help("fill in the template and use the result")
    } else {
        Problem::error("yaml-key-form", at, "a key must be text, not a list or a map")
            .help("write the key as plain text")
    }
}
