//! Text to model: reads a `krt.yml`, reports every problem in one pass, and returns the manifest if none is an error.
//!
//! Suggested reading order: [`analysis`] (options and result), [`source`] (bytes to text), [`tree`] (text to values with
//! positions), [`read`] (values to a draft, with [`fields`], [`values`], [`format`] and [`nodes`]), [`unfold`] (v1 into
//! the common model), [`rules`], [`finish`] (draft to manifest), [`contents`] (manifest again, from JSON). A finding is a
//! [`problem`] until the end, when it gets its line and column. Also: [`direct`] (straight from text to draft for
//! well-formed manifests), [`recover`] (checks around syntax errors), [`foreign`] (files that are not KRT manifests).

mod analysis;
mod config;
mod contents;
mod cursor;
mod direct;
mod distinct;
mod draft;
mod fields;
mod finish;
mod foreign;
mod format;
mod key;
mod nodes;
mod owner;
mod problem;
mod read;
mod recover;
mod rules;
mod source;
mod syntax;
pub(crate) mod tree;
mod unfold;
mod values;

pub use analysis::{Analysis, Options};
pub(crate) use finish::{Placed, References};
pub use source::Source;
pub(crate) use syntax::without_tabs_after_colons;

use crate::diagnostic::Diagnostic;
use crate::fix::{CodeAndPlace, codes_and_places_of};
use crate::manifest::Manifest;
use crate::text::{Places, Range};
use analysis::Fixes;
use draft::Draft;
use problem::Problems;

/// The largest accepted manifest, in bytes: 10,000 nodes with long names take about 1.5 MiB.
pub const MAX_TEXT: usize = 2 * 1024 * 1024;

/// Checks a manifest: its text, or the bytes of its file.
pub fn analyze<'s>(source: impl Into<Source<'s>>, options: Options) -> Analysis {
    match source.into() {
        Source::Text(text) => analyze_text(text, options),
        Source::Bytes(bytes) => match source::decode(bytes) {
            Ok(text) => {
                let analysis = analyze_text(&text, options);
                Analysis { text: Some(text), ..analysis }
            }
            Err((text, diagnostic)) => Analysis { text, diagnostics: vec![*diagnostic], ..Analysis::default() },
        },
    }
}

fn analyze_text(text: &str, options: Options) -> Analysis {
    if text.len() > MAX_TEXT {
        return Analysis { diagnostics: vec![too_large(text.len() as u64)], ..Analysis::default() };
    }
    let places = Places::new(text);
    let mut problems = Problems::new(options.purpose);
    let Judged { manifest, references, workflows } = read(text, &places, options, &mut problems);
    let manifest = manifest.filter(|_| !problems.has_errors());
    let diagnostics = problems.into_diagnostics(&places);
    let mut analysis = Analysis { text: None, manifest, diagnostics, references, workflows };
    match options.fixes {
        Fixes::Proposed => analysis,
        Fixes::Proven => {
            analysis.with_proven_fixes(text, |text| codes_and_places(text, Options::PROBLEMS.to(options.purpose)).0)
        }
        Fixes::None => {
            analysis.diagnostics.iter_mut().for_each(|found| found.fixes.clear());
            analysis
        }
    }
}

/// The codes and positions of what [`analyze`] would report, without messages, and the references. Every proof of
/// a fix takes one of these.
pub(crate) fn codes_and_places(text: &str, options: Options) -> (Vec<CodeAndPlace>, References) {
    if text.len() > MAX_TEXT {
        return (codes_and_places_of(&[too_large(text.len() as u64)]), References::default());
    }
    let mut problems = Problems::in_short(options.purpose);
    let Judged { references, .. } = read(text, &Places::new(text), options, &mut problems);
    (problems.into_codes_and_places(), references)
}

/// The content of a text, as far as it could be read.
#[derive(Default)]
struct Judged {
    /// Present only if no rule found an error.
    manifest: Option<Manifest>,
    references: References,
    workflows: Option<Vec<u32>>,
}

fn read(text: &str, places: &Places<'_>, options: Options, problems: &mut Problems) -> Judged {
    if rules::text::characters(text, problems) == rules::text::Readable::Binary {
        return Judged::default();
    }
    if let Some(draft) = direct::read(text) {
        debug_assert!(direct::is_read_alike(&draft, text, places), "the direct reader and the tree disagree: {text:?}");
        return together(draft, options, problems);
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
            let judged = judge(&tree, options, problems);
            let odd_space = problems.iter().find_map(|problem| syntax::spaces::beginning(text, problem.at()));
            match odd_space {
                Some(odd_space) => {
                    problems.clear();
                    rules::text::characters(text, problems);
                    recover::judge(text, odd_space, options, problems)
                }
                None => judged,
            }
        }
        Err(problem) => recover::judge(text, problem, options, problems),
    }
}

/// Applies all rules to a text that could be parsed.
fn judge(tree: &tree::Tree<'_>, options: Options, problems: &mut Problems) -> Judged {
    tree::duplicate_keys(tree, problems);
    let Some(draft) = read::read(tree, problems) else { return Judged::default() };
    together(draft, options, problems)
}

/// Applies the rules to a draft.
fn together(mut draft: Draft<'_>, options: Options, problems: &mut Problems) -> Judged {
    rules::values(&draft, problems);
    unfold::unfold(&mut draft, problems);
    rules::together(&draft, problems);
    let references = if options.references { finish::references(&draft) } else { References::default() };
    let workflows = finish::workflows(&draft);
    let manifest = if options.manifest && !problems.has_errors() { finish::manifest(&draft) } else { None };
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
