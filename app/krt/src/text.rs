//! The text of a manifest: positions, lines, what a word means in YAML, and edits that leave the rest as written. Shared
//! by the check, the conversion and the reading of packages.

mod edits;
mod lines;
mod places;
mod scalar;
mod words;

pub(crate) use edits::{ProposedEdit, ProposedFix, as_scalar};
pub(crate) use lines::{line_around, line_break};
pub(crate) use places::{Places, Range};
pub(crate) use scalar::{Meaning, meaning};
pub(crate) use words::{closest, did_you_mean, quote};
