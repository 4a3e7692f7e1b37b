//! Reads `config`: lists of names. Values written next to the names are reported: they are set in the console.

use super::draft::Text;
use super::fields::Fields;
use super::key::Key;
use super::owner::Owner;
use super::problem::{Problem, Problems};
use super::rules::NO_VALUES;
use super::tree::{Id, Tree};
use super::values::texts;
use crate::manifest::forms::is_variable;
use crate::text::{ProposedEdit, Range, quote};

const CONFIG: &[Key] = &[Key::Variables, Key::Files];

/// Reads the names of variables and files.
pub(super) fn read<'t>(tree: &'t Tree<'t>, id: Id, problems: &mut Problems) -> (Vec<Text<'t>>, Vec<Text<'t>>) {
    let Some(fields) = Fields::of(tree, id, Owner::Called("`config`"), CONFIG, problems) else {
        return (Vec::new(), Vec::new());
    };
    let found = (names(tree, &fields, Key::Variables, problems), names(tree, &fields, Key::Files, problems));
    let elsewhere = |key: &str| match key {
        "secrets" => Some("list secrets under `variables` or `files`: the console masks their values".to_owned()),
        key if is_variable(key) => Some(format!("list {} under `variables`: set its value in the console", quote(key))),
        _ => None,
    };
    fields.report_unknown(elsewhere, problems);
    found
}

fn names<'t>(tree: &'t Tree<'t>, fields: &Fields<'t, '_>, key: Key, problems: &mut Problems) -> Vec<Text<'t>> {
    let owner = format!("`config.{}`", key.name());
    if let Some(value) = fields.optional(key)
        && let Some(entries) = tree.map(value).filter(|entries| !entries.is_empty())
    {
        let names = entries.iter().map(|[key, _]| name(tree, *key)).collect::<Option<Vec<_>>>();
        if let Some(names) = names {
            let at = tree.at(value);
            let problem = Problem::error("value-type", at, format!("{owner} must be a list of names, not a map"));
            let entries = entries.iter().map(|[key, value]| (tree.at(*key), tree.at(*value))).collect();
            let fix = ProposedEdit::Names { map: at, entries };
            problems.push(problem.help(NO_VALUES).fix("keep only the names", [fix]));
            return names;
        }
    }
    let items = fields.list(key, problems).unwrap_or_default();
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for item in items {
        match tree.map(*item).and_then(|entries| with_value(tree, entries)) {
            Some((name, last)) => found.push((name, tree.at(*item), last)),
            None => others.push(*item),
        }
    }
    let mut read: Vec<_> = texts(tree, &others, &owner, problems).0;
    if let Some((first, ..)) = found.first() {
        let message = format!("{} in {owner} must be just a name, not a map", quote(first.value));
        let problem = Problem::error("value-type", first.at, message).help(NO_VALUES);
        let alone = |(name, map, last): &(Text<'_>, Range, (Range, Range))| ProposedEdit::Name {
            map: *map,
            last: *last,
            name: name.value.to_owned(),
        };
        let changes: Vec<ProposedEdit> = found.iter().map(alone).collect();
        let problem = problem.fix(if found.len() > 1 { "keep only the names" } else { "keep only the name" }, changes);
        let more = found.iter().skip(1);
        problems.push(more.fold(problem, |problem, (name, ..)| problem.related("also here", name.at)));
    }
    read.extend(found.into_iter().map(|(name, ..)| name));
    read
}

/// The name of an item that has a value (`NAME: value`, or a map with its name under `name`), and the positions of the
/// key and value of its last entry.
fn with_value<'t>(tree: &'t Tree<'t>, entries: &'t [[Id; 2]]) -> Option<(Text<'t>, (Range, Range))> {
    let [key, value] = entries.last()?;
    let last = (tree.at(*key), tree.at(*value));
    let under_name = || entries.iter().find(|[key, _]| tree.word(*key) == Some("name")).map(|[_, value]| *value);
    let id = if let [[key, _]] = entries { Some(*key).filter(|key| tree.word(*key) != Some("name")) } else { None };
    Some((name(tree, id.or_else(under_name)?)?, last))
}

/// A name that variables and files may have in both formats. A number is taken for an index, not for a name.
fn name<'t>(tree: &'t Tree<'t>, id: Id) -> Option<Text<'t>> {
    let value = tree.word(id)?;
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    (is_variable(value) && !is_number).then_some(Text { value, at: tree.at(id) })
}
