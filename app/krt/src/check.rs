//! Text to model: reads a `krt.yml`, reports every problem in one pass, and returns the manifest if none is an error.
//!
//! Suggested reading order: [`encoding`] (bytes to text), [`tree`] (text to values with positions), [`read`] (values to
//! a draft, with [`fields`], [`values`], [`format`] and [`nodes`]), [`unfold`] (v1 into the common model), [`rules`],
//! [`finish`] (draft to manifest). A finding is a [`problem`] until the end, when [`places`] adds its line and column.
//! Also: [`direct`] (straight from text to draft for well-formed manifests), [`recover`] (checks around syntax errors),
//! [`foreign`] (files that are not KRT manifests), [`fixes`] (proposed changes as proven edits), [`convert`] (v1 to
//! v2).

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
pub(crate) use rules::normalized;
pub(crate) use words::{closest, did_you_mean, quote};

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Fix};
use crate::manifest::Manifest;
use crate::rules::MORE_PROBLEMS;
use draft::Draft;
use places::Range;
use problem::Problems;

/// The largest accepted manifest, in bytes: 10,000 nodes with long names take about 1.5 MiB.
pub const MAX_TEXT: usize = 2 * 1024 * 1024;

/// Checks the text of a manifest. Returns the manifest only if no diagnostic is an error.
pub fn check(text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
    let Analysis { manifest, diagnostics, .. } = analyze(text, Purpose::Reporting);
    (manifest, diagnostics)
}

/// The result of [`check_bytes`].
#[derive(Clone, Debug)]
pub struct Checked {
    /// The text that the diagnostics' spans refer to; `None` if the bytes are not text.
    pub text: Option<String>,
    pub manifest: Option<Manifest>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the bytes of a manifest file: UTF-8 with or without a byte-order mark, or UTF-16 with one.
pub fn check_bytes<'b>(bytes: impl Into<Cow<'b, [u8]>>) -> Checked {
    let (text, Analysis { manifest, diagnostics, .. }) = analyze_bytes(bytes.into());
    Checked { text, manifest, diagnostics }
}

/// Like [`check`], with the data that applying fixes needs.
pub(crate) fn analyze(text: &str, purpose: Purpose) -> Analysis {
    let outcome = outcome_with(text, Wanted::MANIFEST.to(purpose));
    with_fixes(text, outcome, |text| codes_and_places(text, Wanted::NOTHING.to(purpose)).0)
}

/// Like [`analyze`] for bytes; also returns their text.
pub(crate) fn analyze_bytes(bytes: Cow<'_, [u8]>) -> (Option<String>, Analysis) {
    let (text, outcome) = outcome_of_bytes(bytes, Wanted::MANIFEST);
    let outcome = match &text {
        Some(text) => with_fixes(text, outcome, again),
        None => outcome,
    };
    (text, outcome)
}

/// Keeps only the proven fixes; `again` checks another text in the way this one was checked.
pub(crate) fn with_fixes(text: &str, outcome: Analysis, again: impl Fn(&str) -> Vec<CodeAndPlace>) -> Analysis {
    let diagnostics = fixes::proven(text, outcome.diagnostics, outcome.workflows.as_deref(), again);
    Analysis { diagnostics, ..outcome }
}

fn again(text: &str) -> Vec<CodeAndPlace> {
    codes_and_places(text, Wanted::NOTHING).0
}

/// The codes and positions of what [`outcome_with`] would report.
pub(crate) fn codes_and_places(text: &str, wanted: Wanted) -> (Vec<CodeAndPlace>, References) {
    if text.len() > MAX_TEXT {
        return (fixes::codes_and_places_of(&[too_large(text.len() as u64)]), References::default());
    }
    let mut problems = Problems::in_short(wanted.purpose);
    let Judged { references, .. } = read(text, &Places::new(text), wanted, &mut problems);
    (problems.into_codes_and_places(), references)
}

/// Returns the first fix of each of the first fixable problems, as long as no rule reads two of the changes together:
/// applying them at once or one after the other yields the same text. With [`Purpose::Fixing`], also returns fixes of
/// later problems of the group: otherwise two typos on each line would be fixed one at a time.
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
    /// Whether there are more problems than reported.
    pub(crate) fn has_more(&self) -> bool {
        self.diagnostics.iter().any(|found| found.code == MORE_PROBLEMS)
    }
}

/// The result of a check, with the references to compare with a package's members.
#[derive(Default)]
pub(crate) struct Analysis {
    pub(crate) manifest: Option<Manifest>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// As far as they could be read, even if the manifest has errors.
    pub(crate) references: References,
    /// Byte offset of each workflow whose nodes are inside it (v2); `None` if the manifest has no workflow.
    pub(crate) workflows: Option<Vec<u32>>,
}

/// What to produce from a text besides its problems.
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

/// The content of a text, as far as it could be read.
#[derive(Default)]
struct Judged {
    /// Present only if no rule found an error.
    manifest: Option<Manifest>,
    references: References,
    workflows: Option<Vec<u32>>,
}

fn read(text: &str, places: &Places<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    if rules::text::characters(text, problems) == rules::text::Readable::Binary {
        return Judged::default();
    }
    if let Some(draft) = direct::read(text) {
        debug_assert!(direct::is_read_alike(&draft, text, places), "the direct reader and the tree disagree: {text:?}");
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
            let odd_space = problems.iter().find_map(|problem| syntax::spaces::beginning(text, problem.at()));
            match odd_space {
                Some(odd_space) => {
                    problems.clear();
                    rules::text::characters(text, problems);
                    recover::judge(text, odd_space, wanted, problems)
                }
                None => judged,
            }
        }
        Err(problem) => recover::judge(text, problem, wanted, problems),
    }
}

/// Applies all rules to a text that could be parsed.
fn judge(tree: &tree::Tree<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    tree::duplicate_keys(tree, problems);
    let Some(draft) = read::read(tree, problems) else { return Judged::default() };
    together(draft, wanted, problems)
}

/// Applies the rules to a draft.
fn together(mut draft: Draft<'_>, wanted: Wanted, problems: &mut Problems) -> Judged {
    rules::values(&draft, problems);
    unfold::unfold(&mut draft, problems);
    rules::together(&draft, problems);
    let references = if wanted.references { finish::references(&draft) } else { References::default() };
    let workflows = finish::workflows(&draft);
    let manifest = if wanted.manifest && !problems.has_errors() { finish::manifest(&draft) } else { None };
    Judged { manifest, references, workflows }
}

/// The only problem of a manifest that is too large to be read.
pub(crate) fn too_large(bytes: u64) -> Diagnostic {
    let message = format!("the manifest has {bytes} bytes; the limit is {MAX_TEXT} (2 MiB)");
    let start = Places::new("").span(Range::default());
    Diagnostic::error("manifest-too-large", message)
        .with_span(start)
        .with_help("a manifest usually has a few KiB: remove what does not belong in it")
}
