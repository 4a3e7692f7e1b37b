//! Reads a manifest or a package with or without its fixes applied.

use std::borrow::Cow;

use krt::package::{Reader, Report, check_bare, check_bare_with_fixes};

/// Whether fixes are only offered or also applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fixes {
    /// Each problem lists its fixes.
    Offered,
    /// The report also contains the fixed manifest.
    Applied,
}

impl Fixes {
    pub(super) fn of_bare<'b>(self, manifest: impl Into<Cow<'b, [u8]>>) -> Report {
        match self {
            Fixes::Offered => check_bare(manifest),
            Fixes::Applied => check_bare_with_fixes(manifest),
        }
    }

    pub(super) fn of_package(self, read: Reader) -> Report {
        match self {
            Fixes::Offered => read.finish(),
            Fixes::Applied => read.finish_with_fixes(),
        }
    }
}
