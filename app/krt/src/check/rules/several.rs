//! Several names in one item, where a comma or a line is missing between them.

use crate::check::draft::Text;
use crate::check::fixes::ProposedEdit;
use crate::check::problem::Problem;

/// The names of an item that holds several; `None` when it does not, or when one of them is not known.
pub(in crate::check) fn names(item: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let names: Vec<&str> = words(item).collect();
    (names.len() > 1 && names.iter().all(|name| is_known(name))).then_some(names)
}

/// What stands between blanks and commas.
pub(in crate::check) fn words(item: &str) -> impl Iterator<Item = &str> {
    item.split([' ', ',']).filter(|word| !word.is_empty())
}

/// Says so, and writes each as an item of its own.
pub(in crate::check) fn separated(problem: Problem, items: &[Text<'_>], names: &[&str]) -> Problem {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let changes: Vec<ProposedEdit> =
        items.iter().map(|item| ProposedEdit::Items { at: item.at, names: names.clone() }).collect();
    let problem = problem.help("these are several names: put a `,` between them, or each on a line of its own");
    problem.fix("make each an item of its own", changes)
}
