//! Reads a manifest or a package with or without its fixes applied.

use std::borrow::Cow;

use krt::package::{Reader, Report, check_bare, check_bare_with_fixes};

/// Whether fixes are only offered or also applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FixMode {
    /// Each problem lists its fixes.
    Offered,
    /// The report also contains the fixed manifest.
    Applied,
}

impl FixMode {
    pub(super) fn of_bare<'b>(self, manifest: impl Into<Cow<'b, [u8]>>) -> Report {
        match self {
            FixMode::Offered => check_bare(manifest),
            FixMode::Applied => check_bare_with_fixes(manifest),
        }
    }

    pub(super) fn of_package(self, read: Reader) -> Report {
        match self {
            FixMode::Offered => read.finish(),
            FixMode::Applied => read.finish_with_fixes(),
        }
    }
}
