//! Offers only fixes that work: applies each one and checks the text again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::groups::{self, Candidate};
use crate::diagnostic::{Diagnostic, Edit, Fix, apply};
use crate::rules::MORE_PROBLEMS;

/// A finding of a repeated check: its code and position, without messages.
pub(crate) type CodeAndPlace = (Cow<'static, str>, u32);

/// How many bytes may be checked again for one manifest. Counted in bytes, not in time, so that every machine gives the
/// same result. A manifest of 2,000 lines has about 64 KiB and is checked again at most eight times.
const BUDGET: usize = 512 * 1024;

/// A check costs at least as much as this many bytes.
const LEAST: usize = 1024;

/// The cost factor of a check that recovers from syntax errors or follows aliases.
const DETOURS: usize = 2;

/// The tries when there are more problems than reported: each problem that disappears makes room for the next, so that
/// hardly any fix can be proven.
const TRIES_OF_MANY: usize = 4;

/// Keeps the fixes that remove their diagnostic and add no other. `again` checks a text in the way the first one was
/// checked; `workflows` are the offsets where the workflows begin, if known.
pub(crate) fn proven(
    text: &str,
    mut found: Vec<Diagnostic>,
    workflows: Option<&[u32]>,
    again: impl Fn(&str) -> Vec<CodeAndPlace>,
) -> Vec<Diagnostic> {
    if found.iter().all(|diagnostic| diagnostic.fixes.is_empty()) {
        return found;
    }
    let cost = text.len().max(LEAST) * if groups::is_straight(text, &found) { 1 } else { DETOURS };
    let is_all_reported = !found.iter().any(|found| found.code == MORE_PROBLEMS);
    let tries = if is_all_reported { (BUDGET / cost).max(1) } else { (BUDGET / cost).min(TRIES_OF_MANY) };
    let groups = groups::of(text, &found, workflows.filter(|_| is_all_reported));
    let mut proof =
        Proof { text, found: &found, before: codes(&codes_and_places_of(&found)), tries, again, good: BTreeSet::new() };
    for group in &groups {
        proof.prove(group);
    }
    let good = proof.good;
    for (at, diagnostic) in found.iter_mut().enumerate() {
        let mut number = 0..;
        diagnostic.fixes.retain(|_| number.next().is_some_and(|number| good.contains(&(at, number))));
    }
    found
}

struct Proof<'a, F> {
    text: &'a str,
    found: &'a [Diagnostic],
    /// The number of diagnostics of each code.
    before: BTreeMap<Cow<'static, str>, usize>,
    /// How many checks are left.
    tries: usize,
    again: F,
    /// The proven fixes.
    good: BTreeSet<Candidate>,
}

impl<F: Fn(&str) -> Vec<CodeAndPlace>> Proof<'_, F> {
    /// Proves a whole group in one check; if that fails, each half separately.
    fn prove(&mut self, group: &[Candidate]) {
        let Some(tries) = self.tries.checked_sub(1) else { return };
        self.tries = tries;
        let fix = Fix { title: String::new(), edits: self.edits(group) };
        let fixed = apply(self.text, &fix);
        if fixed == self.text {
            return;
        }
        let after = (self.again)(&fixed);
        match group {
            [one] if self.fixes(&self.found[one.0].code, &after) => drop(self.good.insert(*one)),
            [] | [_] => {}
            _ if self.only_these_are_gone(group, &fix.edits, &after) => self.good.extend(group),
            _ => {
                let (one, other) = group.split_at(group.len() / 2);
                self.prove(one);
                self.prove(other);
            }
        }
    }

    /// The edits of a group, sorted by position. Fixes of a group are on separate lines.
    fn edits(&self, group: &[Candidate]) -> Vec<Edit> {
        let edits = group.iter().flat_map(|(at, number)| &self.found[*at].fixes[*number].edits);
        let mut edits: Vec<Edit> = edits.cloned().collect();
        edits.sort_by_key(|edit| edit.span);
        edits
    }

    /// For a single fix: whether its code is reported less often, and no other code more often.
    fn fixes(&self, code: &str, after: &[CodeAndPlace]) -> bool {
        let after = codes(after);
        let adds_none = after.iter().all(|(code, count)| self.before.get(code).is_some_and(|before| count <= before));
        adds_none && after.get(code) < self.before.get(code)
    }

    /// For a group, which must meet a stricter condition: whether every finding was there before, in the same place,
    /// and is not one of those that the group should fix.
    fn only_these_are_gone(&self, group: &[Candidate], edits: &[Edit], after: &[CodeAndPlace]) -> bool {
        let gone: BTreeSet<usize> = group.iter().map(|(at, _)| *at).collect();
        let stay = self.found.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, found)| found);
        let stay = codes_and_places_of(stay).into_iter().map(|(code, at)| (code, moved(at, edits)));
        let mut stay = counts(stay);
        after.iter().all(|(code, at)| match stay.get_mut(&(code.clone(), i64::from(*at))) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        })
    }
}

/// Where a position is after the edits.
fn moved(at: u32, edits: &[Edit]) -> i64 {
    let before = edits.iter().take_while(|edit| edit.span.end <= at);
    let growth = |edit: &Edit| edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start);
    i64::from(at) + before.map(growth).sum::<i64>()
}

/// The codes and positions of diagnostics.
pub(crate) fn codes_and_places_of<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<CodeAndPlace> {
    let place = |found: &Diagnostic| (found.code.clone(), found.span.map_or(0, |span| span.start));
    found.into_iter().map(place).collect()
}

fn codes(seen: &[CodeAndPlace]) -> BTreeMap<Cow<'static, str>, usize> {
    counts(seen.iter().map(|(code, _)| code.clone()))
}

/// How often each value occurs.
fn counts<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}
