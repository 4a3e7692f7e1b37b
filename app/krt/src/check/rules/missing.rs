//! References to names that do not exist: one problem for each name, with all its positions, and a fix that writes the
//! name or the names that were probably meant.

use foldhash::{HashMap, HashMapExt};

use crate::check::draft::Text;
use crate::check::problem::Problem;
use crate::text::ProposedEdit;

/// How many positions are shown besides the first.
const SHOWN: usize = 10;

/// The positions of each name, in the order in which they were found.
#[derive(Default)]
pub(in crate::check) struct Missing<'d> {
    numbers: Option<HashMap<&'d str, usize>>,
    list: Vec<(&'d str, Vec<Text<'d>>)>,
}

impl<'d> Missing<'d> {
    pub(in crate::check) fn add(&mut self, name: &'d str, place: Text<'d>) {
        let list = &mut self.list;
        let number = *self.numbers.get_or_insert_with(HashMap::new).entry(name).or_insert_with(|| {
            list.push((name, Vec::new()));
            list.len() - 1
        });
        list[number].1.push(place);
    }

    pub(in crate::check) fn each(&self) -> impl Iterator<Item = (&'d str, &[Text<'d>])> {
        self.list.iter().map(|(name, places)| (*name, places.as_slice()))
    }
}

/// Adds all positions except the first as related, up to [`SHOWN`].
pub(in crate::check) fn related(problem: Problem, places: &[Text<'_>]) -> Problem {
    places.iter().skip(1).take(SHOWN).fold(problem, |problem, place| problem.related("also here", place.at))
}

/// Adds a fix that writes another name in every position; `written` returns the new text of a position.
pub(in crate::check) fn renamed(
    problem: Problem,
    places: &[Text<'_>],
    near: &str,
    written: impl Fn(&Text<'_>) -> String,
) -> Problem {
    let changes: Vec<ProposedEdit> = places.iter().map(|place| ProposedEdit::Value(place.at, written(place))).collect();
    problem.fix(format!("write {}", crate::text::quote(near)), changes)
}

/// The names of an item that contains several, without a comma or a line break between them; `None` if it does not, or
/// if one of them is unknown.
pub(in crate::check) fn several(item: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
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
