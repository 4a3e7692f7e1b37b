//! Several names in one item, where a comma or a line break is missing between them.

use crate::check::draft::Text;
use crate::check::fixes::ProposedEdit;
use crate::check::problem::Problem;

/// The names of an item that contains several; `None` if it does not, or if one of them is unknown.
pub(in crate::check) fn names(item: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let names: Vec<&str> = words(item).collect();
    (names.len() > 1 && names.iter().all(|name| is_known(name))).then_some(names)
}

/// The words between spaces and commas.
pub(in crate::check) fn words(item: &str) -> impl Iterator<Item = &str> {
    item.split([' ', ',']).filter(|word| !word.is_empty())
}

/// Adds the help and a fix that turns each name into an item.
pub(in crate::check) fn separated(problem: Problem, items: &[Text<'_>], names: &[&str]) -> Problem {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let changes: Vec<ProposedEdit> =
        items.iter().map(|item| ProposedEdit::Items { at: item.at, names: names.clone() }).collect();
    let problem = problem.help("these are several names: separate them with `,` or put each on its own line");
    problem.fix("make each name an item", changes)
}
