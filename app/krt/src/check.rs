//! Text to model: reads a `krt.yml`, tells every problem in one pass, and gives the manifest when none is an error.
//!
//! Suggested reading order: [`encoding`] (bytes to text), [`tree`] (text to values with places), [`read`] (values to a
//! draft, with [`fields`], [`values`], [`format`] and [`nodes`]), [`unfold`] (v1 into the one model), [`rules`], [`finish`] (draft
//! to manifest). What is found is a [`problem`] until the end, where [`places`] gives it line and column. Aside: [`direct`]
//! (from text to draft, where nothing is wrong in the form), [`recover`] (beside syntax errors), [`foreign`] (what is no KRT),
//! [`fixes`] (proposed changes as proven edits), [`convert`] (v1 to v2).

mod config;
mod convert;
mod cursor;
mod direct;
mod distinct;
mod draft;
mod encoding;
mod fields;
mod finish;
mod fixes;
mod foreign;
mod format;
mod key;
mod nodes;
mod owner;
mod places;
mod problem;
mod read;
mod recover;
mod rules;
mod scalar;
mod syntax;
mod tree;
mod unfold;
mod values;
mod words;

pub use convert::to_v2;
pub(crate) use finish::{Placed, References};
pub(crate) use fixes::{CodeAndPlace, ProposedEdit, ProposedFix, codes_and_places_of};
pub(crate) use places::Places;
pub(crate) use problem::Purpose;
pub(crate) use rules::normalised;
pub(crate) use words::{closest, did_you_mean, quote};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Fix};
use crate::manifest::Manifest;
use draft::Draft;
use places::Range;
use problem::Problems;

/// The longest manifest, in bytes: 10,000 nodes with long names are about 1.5 MiB.
pub const MAX_TEXT: usize = 2 * 1024 * 1024;

/// Checks the text of a manifest. The manifest comes back only when no diagnostic is an error.
pub fn check(text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    let Analysis { manifest, diagnostics, .. } = analyze(text, Purpose::Reporting);
    (manifest, diagnostics)
}

/// What [`check_bytes`] found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The text that the diagnostics' spans point into; none when the bytes are no text at all.
    pub text: Option<String>,
    pub manifest: Option<Manifest>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the bytes of a manifest file: UTF-8 with or without byte-order mark, UTF-16 with one.
pub fn check_bytes<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Checked {
    let (text, Analysis { manifest, diagnostics, .. }) = analyze_bytes(bytes.into());
    Checked { text, manifest, diagnostics }
}

/// The same as [`check`], with what making the mends needs to know.
pub(crate) fn analyze(text: &str, purpose: Purpose) -> Analysis {
    let outcome = outcome_with(text, Wanted::MANIFEST.to(purpose));
    with_fixes(text, outcome, |text| codes_and_places(text, Wanted::NOTHING.to(purpose)).0)
}

/// The same of bytes, with their text.
pub(crate) fn analyze_bytes(bytes: Cow<'_, [u8]>) -> (Option<String>, Analysis) {
    let (text, outcome) = outcome_of_bytes(bytes, Wanted::MANIFEST);
    let outcome = match &text {
        Some(text) => with_fixes(text, outcome, again),
        None => outcome,
    };
    (text, outcome)
}

/// With only those mends that are proven; `again` checks another text as this one was checked.
pub(crate) fn with_fixes(text: &str, outcome: Analysis, again: impl Fn(&str) -> Vec<CodeAndPlace>) -> Analysis {
    let diagnostics = fixes::proven(text, outcome.diagnostics, outcome.workflows.as_deref(), again);
    Analysis { diagnostics, ..outcome }
}

fn again(text: &str) -> Vec<CodeAndPlace> {
    codes_and_places(text, Wanted::NOTHING).0
}

/// What [`outcome_with`] would tell, in codes and places only.
pub(crate) fn codes_and_places(text: &str, wanted: Wanted) -> (Vec<CodeAndPlace>, References) {
    if text.len() > MAX_TEXT {
        return (fixes::codes_and_places_of(&[too_large(text.len() as u64)]), References::default());
    }
    let mut problems = Problems::in_short(wanted.purpose);
    let Judged { references, .. } = read(text, &Places::new(text), wanted, &mut problems);
    (problems.into_codes_and_places(), references)
}

/// The first mends of the first problems that have one, as far as no rule reads them together: made at once or one after
/// the other, they make the same text. Of very many problems, which nobody mends one after the other, also of later ones:
/// else two on each line would come out one by one.
pub(crate) fn first_together<'a>(text: &str, analysis: &'a Analysis, purpose: Purpose) -> Vec<&'a Fix> {
    let found = &analysis.diagnostics;
    let fixable: Vec<usize> = (0..found.len()).filter(|at| !found[*at].fixes.is_empty()).collect();
    let mut group = BTreeSet::from_iter(fixable.first().copied());
    if fixable.len() > 1 {
        let groups = fixes::groups(text, found, analysis.workflows.as_deref());
        let of_first = groups.into_iter().find(|group| group.contains(&(fixable[0], 0)));
        group.extend(of_first.into_iter().flatten().map(|(at, _)| at));
    }
    let is_in_group = |at: &usize| group.contains(at);
    let first = match purpose {
        Purpose::Reporting => fixable.iter().take_while(|at| is_in_group(at)).count(),
        Purpose::Fixing => fixable.len(),
    };
    fixable[..first].iter().filter(|at| is_in_group(at)).filter_map(|at| found[*at].fixes.first()).collect()
}

impl Analysis {
    /// Whether there are more problems than are told.
    pub(crate) fn has_more(&self) -> bool {
        self.diagnostics.iter().any(|found| found.code == problem::MORE)
    }
}

/// What a check found, with the places that a package's members are held against.
#[derive(Default)]
pub(crate) struct Analysis {
    pub(crate) manifest: Option<Manifest>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// As far as they could be read, also when the manifest has errors.
    pub(crate) references: References,
    /// Where each workflow begins, as far as its nodes are in it (v2); `None` when there is none.
    pub(crate) workflows: Option<Vec<u32>>,
}

/// What is made of a text besides its problems.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    manifest: bool,
    references: bool,
    purpose: Purpose,
}

impl Wanted {
    const NOTHING: Wanted = Wanted { manifest: false, references: false, purpose: Purpose::Reporting };
    const MANIFEST: Wanted = Wanted { manifest: true, ..Wanted::NOTHING };
    pub(crate) const REFERENCES: Wanted = Wanted { references: true, ..Wanted::NOTHING };
    /// For a manifest inside its package.
    pub(crate) const ALL: Wanted = Wanted { manifest: true, ..Wanted::REFERENCES };

    pub(crate) fn to(self, purpose: Purpose) -> Wanted {
        Wanted { purpose, ..self }
    }
}

pub(crate) fn outcome_of_bytes(bytes: Cow<'_, [u8]>, wanted: Wanted) -> (Option<String>, Analysis) {
    match encoding::decode(bytes) {
        Ok(text) => {
            let outcome = outcome_with(&text, wanted);
            (Some(text), outcome)
        }
        Err((text, diagnostic)) => (text, Analysis { diagnostics: vec![*diagnostic], ..Analysis::default() }),
    }
}

fn outcome(text: &str) -> Analysis {
    outcome_with(text, Wanted::MANIFEST)
}

pub(crate) fn outcome_with(text: &str, wanted: Wanted) -> Analysis {
    if text.len() > MAX_TEXT {
        return Analysis { diagnostics: vec![too_large(text.len() as u64)], ..Analysis::default() };
    }
    let places = Places::new(text);
    let mut problems = Problems::new(wanted.purpose);
    let Judged { manifest, references, workflows } = read(text, &places, wanted, &mut problems);
    let manifest = manifest.filter(|_| !problems.has_errors());
    Analysis { manifest, diagnostics: problems.into_diagnostics(&places), references, workflows }
}

/// What a text says, as far as it could be read.
#[derive(Default)]
struct Judged {
    /// Only when no rule found an error.
    manifest: Option<Manifest>,
    references: References,
    workflows: Option<Vec<u32>>,
}

fn read(text: &str, places: &Places<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    if rules::text::characters(text, problems) == rules::text::Readable::Binary {
        return Judged::default();
    }
    if let Some(draft) = direct::read(text) {
        debug_assert!(direct::is_read_alike(&draft, text, places), "read in another way than the tree is: {text:?}");
        return together(draft, wanted, problems);
    }
    syntax::directives(text, problems);
    let fixed;
    let tree = match tree::parse(text, places) {
        Ok(tree) => Ok(tree),
        Err(problem) => match syntax::without_tabs_after_colons(text) {
            Some(without_tabs) => {
                fixed = without_tabs;
                tree::parse(&fixed, places)
            }
            None => Err(problem),
        },
    };
    match tree {
        Ok(tree) => {
            let judged = judge(&tree, wanted, problems);
            let blank = problems.iter().find_map(|problem| syntax::blanks::beginning(text, problem.at()));
            match blank {
                Some(blank) => {
                    problems.clear();
                    rules::text::characters(text, problems);
                    recover::judge(text, blank, wanted, problems)
                }
                None => judged,
            }
        }
        Err(problem) => recover::judge(text, problem, wanted, problems),
    }
}

/// All rules, on a text that could be read.
fn judge(tree: &tree::Tree<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    tree::duplicate_keys(tree, problems);
    let Some(draft) = read::read(tree, problems) else { return Judged::default() };
    together(draft, wanted, problems)
}

/// The rules on what was read.
fn together(mut draft: Draft<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    rules::values(&draft, problems);
    unfold::unfold(&mut draft, problems);
    rules::together(&draft, problems);
    let references = if wanted.references { finish::references(&draft) } else { References::default() };
    let workflows = finish::workflows(&draft);
    let manifest = if wanted.manifest && !problems.has_errors() { finish::manifest(&draft) } else { None };
    Judged { manifest, references, workflows }
}

/// The one problem of a manifest that is not read at all because of its size.
pub(crate) fn too_large(bytes: u64) -> Diagnostic {
    let message = format!("the manifest has {bytes} bytes, and {MAX_TEXT} (2 MiB) are allowed");
    let start = Places::new("").span(Range::default());
    Diagnostic::error("manifest-too-large", message)
        .with_span(start)
        .with_help("a manifest has a few kilobytes: remove what is no part of it")
}
