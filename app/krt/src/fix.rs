//! Fixes: which of those that rules propose really fix, what all of them together do, and what one of them changes.
//! Does not check: callers pass the check.
//!
//! Suggested reading order: [`groups`] (which fixes may be proven together), [`proof`], [`apply`], [`preview`].

mod apply;
mod groups;
mod preview;
mod proof;

pub(crate) use apply::{Fixed, all};
pub use preview::{Preview, preview};
pub(crate) use proof::{CodeAndPlace, codes_and_places_of, proven};

use crate::diagnostic::Diagnostic;

/// The purpose of collecting problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To report them.
    #[default]
    Reporting,
    /// To fix them. This needs all problems: if some were left out, each fixed problem would make room for the next,
    /// and no fix could be proven.
    Fixing,
}

/// The result of a check, as far as fixing reads it.
pub(crate) trait Checked {
    fn diagnostics(&self) -> &[Diagnostic];

    /// Byte offset of each workflow whose nodes are inside it; `None` if unknown.
    fn workflows(&self) -> Option<&[u32]>;
}
