//! Reads maps: checks known keys and their types, reports missing keys, and reports unknown keys with the nearest
//! known.

mod entries;
mod typos;

use super::draft::Text;
use super::key::Key;
use super::owner::Owner;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree, ValueKind};
use super::values::{is_null, kind_name, text};
use crate::text::{ProposedEdit, Range, quote};

use entries::Entries;
pub(super) use typos::means;

/// A map's entries, including merged ones.
pub(crate) struct Fields<'a, 'o> {
    tree: &'a Tree<'a>,
    /// The map as named in messages: "node `etl`".
    pub(crate) owner: Owner<'o>,
    /// The position for missing keys.
    pub(crate) head: Range,
    entries: Entries<'a>,
    known: &'static [Key],
}

#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'a str,
    at: Range,
    value: Id,
}

impl<'a, 'o> Fields<'a, 'o> {
    /// The entries of a map. Reports any other value and returns `None`.
    pub(crate) fn of(
        tree: &'a Tree<'a>,
        id: Id,
        owner: Owner<'o>,
        known: &'static [Key],
        problems: &mut Problems,
    ) -> Option<Fields<'a, 'o>> {
        if is_null(tree, id) {
            let problem = Problem::error("value-empty", tree.at(id), format!("{owner} is empty"));
            let problem = problem.help("add its keys or remove it");
            problems.push(problem.fix("remove it", [ProposedEdit::DropItem(tree.at(id))]));
            return None;
        }
        if !matches!(tree.value(id).kind, ValueKind::Map(_)) {
            let what = kind_name(tree, id);
            let keys = known.iter().map(|key| quote(key.name())).collect::<Vec<_>>().join(", ");
            let problem = Problem::error("value-type", tree.at(id), format!("{owner} must be a map, not {what}"));
            problems.push(problem.help(format!("its keys are {keys}")));
            return None;
        }
        let entries = Entries::of(tree, id, problems);
        let head = entries.head().unwrap_or(tree.at(id));
        Some(Fields { tree, owner, head, entries, known })
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.entry(key).is_some()
    }

    /// The position of any key, known or not.
    pub(crate) fn word_at(&self, key: &str) -> Option<Range> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.at)
    }

    /// The keys that are valid here.
    pub(crate) fn known(&self) -> &'static [Key] {
        self.known
    }

    /// The first key and its position.
    pub(crate) fn first_key(&self) -> Option<(&'a str, Range)> {
        self.entries.iter().next().map(|entry| (entry.key, entry.at))
    }

    /// The position of a key, if present.
    pub(crate) fn key_at(&self, key: Key) -> Option<Range> {
        self.entry(key).map(|entry| entry.at)
    }

    /// The positions of a key and its value, if present.
    pub(crate) fn entry_at(&self, key: Key) -> Option<(Range, Range)> {
        self.entry(key).map(|entry| (entry.at, self.tree.at(entry.value)))
    }

    /// The value of a key; `None` if the key is absent or its value is null.
    pub(crate) fn optional(&self, key: Key) -> Option<Id> {
        self.entry(key).map(|entry| entry.value).filter(|value| !is_null(self.tree, *value))
    }

    /// The value of a required key. Reports a missing or empty key.
    pub(crate) fn required(&mut self, key: Key, problems: &mut Problems) -> Option<Id> {
        let Some(entry) = self.entry(key) else {
            self.report_missing(key, problems);
            return None;
        };
        if is_null(self.tree, entry.value) {
            self.report_empty(key, entry.at, problems);
            return None;
        }
        Some(entry.value)
    }

    /// The text of a required key, which must not be empty.
    pub(crate) fn text(&mut self, key: Key, problems: &mut Problems) -> Option<Text<'a>> {
        let value = self.required(key, problems)?;
        let found = text(self.tree, value, Owner::Key(key.name(), &self.owner), problems)?;
        if found.value.is_empty() {
            self.report_empty(key, found.at, problems);
            return None;
        }
        Some(found)
    }

    /// The items of a list; `None` if the key is absent, null, or not a list (which is reported).
    pub(crate) fn list(&self, key: Key, problems: &mut Problems) -> Option<&'a [Id]> {
        self.items(key, self.optional(key)?, problems)
    }

    /// The items of a value that must be a list.
    fn items(&self, key: Key, value: Id, problems: &mut Problems) -> Option<&'a [Id]> {
        if let Some(items) = self.tree.list(value) {
            return Some(items);
        }
        let what = kind_name(self.tree, value);
        let message = format!("{} of {} must be a list, not {what}", quote(key.name()), self.owner);
        let problem = Problem::error("value-type", self.tree.at(value), message);
        let problem = problem.help("write each item on its own line, beginning with `- `");
        let at = self.tree.at(value);
        // `-item`: without a space after the dash, this is text.
        let is_tight =
            matches!(&self.tree.value(value).kind, ValueKind::Scalar(scalar) if scalar.text.starts_with('-'));
        problems.push(if is_tight {
            let behind = Range { start: at.start + 1, end: at.start + 1 };
            problem.fix("add a space after the `-`", [ProposedEdit::Replace(behind, " ".to_owned())])
        } else {
            problem.fix("turn the value into a list", [ProposedEdit::List(at)])
        });
        None
    }

    /// The items of a required list, which must not be empty.
    pub(crate) fn required_list(&mut self, key: Key, problems: &mut Problems) -> Option<&'a [Id]> {
        let value = self.required(key, problems)?;
        let items = self.items(key, value, problems)?;
        if items.is_empty() {
            let at = self.key_at(key).unwrap_or(self.head);
            self.report_empty(key, at, problems);
            return None;
        }
        Some(items)
    }

    /// Inserts an entry after the first one.
    pub(crate) fn insert(&self, entry: &str) -> Vec<ProposedEdit> {
        let Some(first) = self.entries.iter().next() else { return Vec::new() };
        self.behind(first, entry)
    }

    /// Inserts an entry after the one with this key, which must be present.
    pub(crate) fn insert_behind(&self, key: Key, entry: &str) -> Vec<ProposedEdit> {
        self.entry(key).map_or(Vec::new(), |found| self.behind(found, entry))
    }

    fn behind(&self, found: Entry<'_>, entry: &str) -> Vec<ProposedEdit> {
        let end = self.tree.at(found.value).end;
        vec![ProposedEdit::Insert { key: found.at, end, entry: entry.to_owned() }]
    }

    /// Removes a key and its value.
    pub(crate) fn drop(&self, key: Key) -> Vec<ProposedEdit> {
        let found = self.entry(key);
        let change = |found: Entry<'_>| ProposedEdit::DropEntry { key: found.at, value: self.tree.at(found.value) };
        found.map(change).into_iter().collect()
    }

    fn report_empty(&self, key: Key, at: Range, problems: &mut Problems) {
        let message = format!("{} of {} is empty", quote(key.name()), self.owner);
        problems.push(Problem::error("key-empty", at, message).maybe_help(about(key.name()).map(str::to_owned)));
    }

    fn entry(&self, key: Key) -> Option<Entry<'a>> {
        self.entries.get(key)
    }
}

/// The help for a missing or empty key.
fn about(key: &str) -> Option<&'static str> {
    Some(match key {
        "version" => "add the name of this version: `version: my-version-1`",
        "description" => "add a sentence about this version: `description: …`",
        "entrypoint" => {
            "add the entrypoint: a `proto` and an `image`, or for a workflow the gRPC method that starts it"
        }
        "proto" => "add the path of the .proto file in the package: `proto: public_input.proto`",
        "image" => "add the container image: `image: konstellation/kre-py:latest`",
        "src" => "add the path of the source or binary in the package: `src: src/etl/main.py`",
        "workflows" => "add a list of workflows, each with `name` and `entrypoint`",
        "nodes" => "add a list of nodes, each with `name`, `image` and `src`",
        "sequential" => "list the names of the nodes in the order they run",
        "exitpoint" => "add the name of the node whose output answers the request",
        "subscriptions" => "add what the node listens to: `entrypoint` or the names of other nodes",
        "scope" => "write `workflow` or `project`, or remove the key",
        "name" => "add a name made of lowercase letters, digits and `-`",
        _ => return None,
    })
}
