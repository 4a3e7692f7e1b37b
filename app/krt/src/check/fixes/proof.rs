//! Only what mends is offered: mends are made, and the text is checked again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::groups::{self, Candidate};
use crate::diagnostic::{Diagnostic, Edit, Fix, apply};

/// What a text is told when it is checked again: a code and where, without words.
pub(crate) type CodeAndPlace = (Cow<'static, str>, u32);

/// How many bytes may be checked again for one manifest. In bytes, not in time: every machine gives the same answer. A
/// manifest of 2,000 lines has some 64 KiB, and is checked again eight times at most.
const BUDGET: usize = 512 * 1024;

/// A check costs at least what this many bytes do.
const LEAST: usize = 1024;

/// What a check costs besides when syntax errors are read around, or aliases followed: so many times as much.
const DETOURS: usize = 2;

/// With more problems than are told, one that is gone makes room for the next: hardly a mend can be proven.
const TRIES_OF_MANY: usize = 4;

/// Keeps the mends that remove their diagnostic and add no other. `again` checks a text as the first one was checked;
/// `workflows` are the places where each begins, where that is known.
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
    let is_all_told = !found.iter().any(|found| found.code == "more-problems");
    let tries = if is_all_told { (BUDGET / cost).max(1) } else { (BUDGET / cost).min(TRIES_OF_MANY) };
    let groups = groups::of(text, &found, workflows.filter(|_| is_all_told));
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
    /// How many diagnostics there are of each code.
    before: BTreeMap<Cow<'static, str>, usize>,
    /// How often a text may still be checked.
    tries: usize,
    again: F,
    /// The mends that are proven.
    good: BTreeSet<Candidate>,
}

impl<F: Fn(&str) -> Vec<CodeAndPlace>> Proof<'_, F> {
    /// All of a group in one check; when that fails, each half by itself.
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

    /// In the order of their places; those of a group are on lines of their own.
    fn edits(&self, group: &[Candidate]) -> Vec<Edit> {
        let edits = group.iter().flat_map(|(at, number)| &self.found[*at].fixes[*number].edits);
        let mut edits: Vec<Edit> = edits.cloned().collect();
        edits.sort_by_key(|edit| edit.span);
        edits
    }

    /// For a single one: its code is told less often, and no other more often.
    fn fixes(&self, code: &str, after: &[CodeAndPlace]) -> bool {
        let after = codes(after);
        let adds_none = after.iter().all(|(code, count)| self.before.get(code).is_some_and(|before| count <= before));
        adds_none && after.get(code) < self.before.get(code)
    }

    /// For a group, which is asked for more: whatever is told was told before, in the same place, and is none of those
    /// that should be gone.
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

/// Where a place is once the edits are made.
fn moved(at: u32, edits: &[Edit]) -> i64 {
    let before = edits.iter().take_while(|edit| edit.span.end <= at);
    let growth = |edit: &Edit| edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start);
    i64::from(at) + before.map(growth).sum::<i64>()
}

/// Codes and places of diagnostics.
pub(crate) fn codes_and_places_of<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<CodeAndPlace> {
    let place = |found: &Diagnostic| (found.code.clone(), found.span.map_or(0, |span| span.start));
    found.into_iter().map(place).collect()
}

fn codes(seen: &[CodeAndPlace]) -> BTreeMap<Cow<'static, str>, usize> {
    counts(seen.iter().map(|(code, _)| code.clone()))
}

/// How often each one comes.
fn counts<T: Ord>(all: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}
