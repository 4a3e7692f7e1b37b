//! A problem during the check: a diagnostic whose position is still in bytes.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Related, Severity};
use crate::fix::{CodeAndPlace, Purpose};
use crate::rules::MORE_PROBLEMS;
use crate::text::{Places, ProposedEdit, ProposedFix, Range, quote};

/// At most this many errors are reported, and as many warnings and hints: more than people read, few enough for a page.
const MAX_REPORTED: usize = 500;

/// The same limit for fixing, where the problems are not shown: about 10 MiB of problems.
const MAX_FIXED: usize = 10_000;

/// How many errors are kept for a purpose, and as many warnings and hints.
fn most(purpose: Purpose) -> usize {
    match purpose {
        Purpose::Reporting => MAX_REPORTED,
        Purpose::Fixing => MAX_FIXED,
    }
}

pub(crate) struct Problem {
    severity: Severity,
    code: &'static str,
    at: Range,
    message: String,
    help: Option<String>,
    /// In one list to keep the type small: many functions return it as their error.
    more: Vec<More>,
}

enum More {
    Related(String, Range),
    Fix(ProposedFix),
}

impl Problem {
    pub(crate) fn error(code: &'static str, at: Range, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Error, code, at, message: message.into(), help: None, more: Vec::new() }
    }

    pub(crate) fn warning(code: &'static str, at: Range, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, at, message) }
    }

    pub(crate) fn hint(code: &'static str, at: Range, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Hint, ..Problem::error(code, at, message) }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// Sets the help, if there is one.
    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Problem {
        self.help = help.or(self.help);
        self
    }

    /// Adds a fix. Fixes that cannot be written as edits or do not remove the problem are dropped later.
    pub(crate) fn fix(mut self, title: impl Into<String>, changes: impl Into<Vec<ProposedEdit>>) -> Problem {
        self.more.push(More::Fix(ProposedFix { title: title.into(), changes: changes.into() }));
        self
    }

    /// Adds a fix that replaces a single value.
    pub(crate) fn instead(self, at: Range, value: impl Into<String>) -> Problem {
        let value = value.into();
        self.fix(format!("write {}", quote(&value)), [ProposedEdit::Value(at, value)])
    }

    pub(crate) fn related(mut self, message: impl Into<String>, at: Range) -> Problem {
        self.more.push(More::Related(message.into(), at));
        self
    }

    pub(crate) fn at(&self) -> Range {
        self.at
    }

    /// Whether a fix replaces the word at the position of the problem.
    pub(crate) fn is_about_a_word(&self) -> bool {
        let is_here = |change: &ProposedEdit| matches!(change, ProposedEdit::Value(at, _) if *at == self.at);
        self.more.iter().any(|more| matches!(more, More::Fix(fix) if fix.changes.iter().any(is_here)))
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    fn places(&self) -> impl Iterator<Item = Range> {
        let related = |more: &More| if let More::Related(_, at) = more { Some(*at) } else { None };
        self.more.iter().filter_map(related).chain([self.at])
    }
}

/// All problems found so far.
#[derive(Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    errors: usize,
    others: usize,
    is_in_short: bool,
    purpose: Purpose,
}

impl Problems {
    pub(crate) fn new(purpose: Purpose) -> Problems {
        Problems { purpose, ..Problems::default() }
    }

    /// Collects only codes and positions: no help is computed.
    pub(crate) fn in_short(purpose: Purpose) -> Problems {
        Problems { is_in_short: true, ..Problems::new(purpose) }
    }

    pub(crate) fn purpose(&self) -> Purpose {
        self.purpose
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        let count = if problem.severity == Severity::Error { &mut self.errors } else { &mut self.others };
        *count += 1;
        if *count <= most(self.purpose) {
            self.list.push(problem);
        }
    }

    /// Discards all problems found so far.
    pub(crate) fn clear(&mut self) {
        *self = Problems { is_in_short: self.is_in_short, purpose: self.purpose, ..Problems::default() };
    }

    /// The kept problems, in the order in which they were found.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Adds the problems of another list whose index `is_wanted` accepts.
    pub(crate) fn absorb(&mut self, others: Problems, is_wanted: impl Fn(usize) -> bool) {
        let wanted = others.list.into_iter().enumerate().filter(|(number, _)| is_wanted(*number));
        wanted.for_each(|(_, problem)| self.push(problem));
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// The message of the first error.
    pub(crate) fn first_error(&self) -> Option<&str> {
        let error = self.list.iter().find(|problem| problem.severity == Severity::Error);
        error.map(|error| error.message.as_str())
    }

    /// Whether a problem has this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.list.iter().any(|problem| problem.code == code)
    }

    /// The number of problems, including those beyond the limit.
    pub(crate) fn count(&self) -> usize {
        self.errors + self.others
    }

    /// The number of errors. Consequences of errors are reported only if this number did not change.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Whether no more errors are reported, so that computing a help is of no use.
    pub(crate) fn is_full(&self) -> bool {
        self.is_in_short || self.errors >= MAX_REPORTED
    }

    /// The same for warnings.
    pub(crate) fn is_full_of_warnings(&self) -> bool {
        self.is_in_short || self.others >= MAX_REPORTED
    }

    /// The diagnostics, errors first, then sorted by position.
    pub(crate) fn into_diagnostics(self, places: &Places<'_>) -> Vec<Diagnostic> {
        let last = self.list.iter().map(|problem| problem.at).max().unwrap_or_default();
        let more = self.more();
        let mut diagnostics: Vec<Diagnostic> =
            self.into_reported().into_iter().map(|problem| diagnostic(problem, places)).collect();
        if more > 0 {
            let message = match more {
                1 => "1 more problem is not shown".to_owned(),
                more => format!("{more} more problems are not shown"),
            };
            diagnostics.push(Diagnostic::hint(MORE_PROBLEMS, message).with_span(places.span(last)));
        }
        diagnostics
    }

    /// The codes of [`Problems::into_diagnostics`] and the offset where each begins.
    pub(crate) fn into_codes_and_places(self) -> Vec<CodeAndPlace> {
        let more = (self.more() > 0).then_some((MORE_PROBLEMS.into(), 0));
        let reported = self.into_reported().into_iter().map(|problem| (problem.code.into(), problem.at.start));
        reported.chain(more).collect()
    }

    /// The number of problems that are not reported.
    fn more(&self) -> usize {
        let most = most(self.purpose);
        self.errors.saturating_sub(most) + self.others.saturating_sub(most)
    }

    /// The problems to report, each once, even if several aliases lead to it.
    fn into_reported(self) -> Vec<Problem> {
        let mut list = self.list;
        list.sort_by_key(|problem| (problem.severity, problem.at.start));
        // An error about a key is more specific than `key-unknown`.
        let errors = list.iter().filter(|problem| problem.severity == Severity::Error);
        let explained: BTreeSet<Range> = errors.flat_map(Problem::places).collect();
        list.retain(|problem| problem.code != "key-unknown" || !explained.contains(&problem.at));
        // A template placeholder parses as a map in a map, so its type is wrong, too.
        let placeholders: BTreeSet<Range> =
            list.iter().filter(|problem| problem.code == "yaml-key-form").map(|problem| problem.at).collect();
        list.retain(|problem| problem.code != "value-type" || !placeholders.contains(&problem.at));
        let mut seen = BTreeSet::new();
        list.retain(|problem| seen.insert((problem.code, problem.at, problem.message.clone())));
        list
    }
}

fn diagnostic(problem: Problem, places: &Places<'_>) -> Diagnostic {
    let (mut related, mut fixes) = (Vec::new(), Vec::new());
    for more in problem.more {
        match more {
            More::Related(message, at) => related.push(Related { message, span: places.span(at) }),
            More::Fix(fix) => fixes.extend(fix.to_fix(places)),
        }
    }
    Diagnostic {
        severity: problem.severity,
        code: problem.code.into(),
        message: problem.message,
        span: Some(places.span(problem.at)),
        member: None,
        help: problem.help,
        related,
        fixes,
    }
}
