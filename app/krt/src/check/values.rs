//! Reads single values: texts, lists of texts, and the names of types for messages.

use std::fmt::Display;

use super::draft::Text;
use super::problem::{Problem, Problems};
use super::tree::{Id, Tree, ValueKind};
use crate::text::{Meaning, ProposedEdit, meaning, quote};

/// The text of a scalar. Reports a list or map; warns of a number or boolean and returns it as written.
pub(crate) fn text<'t>(tree: &'t Tree<'_>, id: Id, owner: impl Display, problems: &mut Problems) -> Option<Text<'t>> {
    let at = tree.at(id);
    let ValueKind::Scalar(scalar) = &tree.value(id).kind else {
        let what = kind_name(tree, id);
        let problem = Problem::error("value-type", at, format!("{owner} must be text, not {what}"));
        problems.push(problem.help("write one value, without brackets, braces or dashes"));
        return None;
    };
    let taken_for = if scalar.plain { meaning(&scalar.text).name() } else { None };
    if let Some(taken_for) = taken_for {
        let message = format!("{} is read as {taken_for}, but {owner} must be text", quote(&scalar.text));
        let help = format!("put it in quotes: `\"{}\"`", scalar.text);
        let problem = Problem::warning("value-not-text", at, message).help(help);
        problems.push(problem.fix("put it in quotes", [ProposedEdit::Quote(at)]));
    }
    Some(Text { value: &scalar.text, at })
}

/// The texts of a list, and whether all of its items were texts. Null items are reported.
pub(crate) fn texts<'t, C: Default + Extend<Text<'t>>>(
    tree: &'t Tree<'_>,
    items: &[Id],
    owner: &str,
    problems: &mut Problems,
) -> (C, bool) {
    let (mut found, mut count) = (C::default(), 0);
    for item in items {
        if is_null(tree, *item) {
            let message = format!("an item of {owner} is empty");
            let problem =
                Problem::error("value-empty", tree.at(*item), message).help("remove the item or write a value");
            problems.push(problem.fix("remove the item", [ProposedEdit::DropItem(tree.at(*item))]));
            continue;
        }
        let text = text(tree, *item, format_args!("an item of {owner}"), problems);
        count += usize::from(text.is_some());
        found.extend(text);
    }
    (found, count == items.len())
}

/// Whether a value is null or absent.
pub(crate) fn is_null(tree: &Tree<'_>, id: Id) -> bool {
    matches!(&tree.value(id).kind, ValueKind::Scalar(scalar) if scalar.plain && scalar.text.len() <= 4 && meaning(&scalar.text) == Meaning::Null)
}

/// "a list", "a map" or the type of a scalar.
pub(crate) fn kind_name(tree: &Tree<'_>, id: Id) -> &'static str {
    match &tree.value(id).kind {
        ValueKind::List(_) => "a list",
        ValueKind::Map(_) => "a map",
        ValueKind::Scalar(scalar) if scalar.plain => meaning(&scalar.text).name().unwrap_or("text"),
        _ => "text",
    }
}
