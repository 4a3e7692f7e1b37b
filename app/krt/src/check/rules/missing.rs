//! References to names that do not exist: one problem for each name, with all its positions.

use foldhash::{HashMap, HashMapExt};

use crate::check::draft::Text;
use crate::check::fixes::ProposedEdit;
use crate::check::problem::Problem;

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
    problem.fix(format!("write {}", crate::check::words::quote(near)), changes)
}
