//! Checks a manifest's text as a member of its package: by itself, and against the other members.

use crate::check::{Analysis, Options, analyze, codes_and_places};
use crate::fix::{self, CodeAndPlace, Fixed, Purpose, codes_and_places_of};
use crate::package::across::{self, Listing};

/// The context in which a manifest is checked.
pub(super) struct Judge<'a> {
    pub(super) listing: Listing<'a>,
    /// Whether the package was read to its end: a member that is not listed does not exist.
    pub(super) is_whole: bool,
}

impl Judge<'_> {
    /// Returns all diagnostics of a text, with the proven fixes. `analysis` is the result of checking the text alone,
    /// for the same purpose.
    pub(super) fn tell(&self, text: &str, mut analysis: Analysis, purpose: Purpose) -> Analysis {
        if self.is_whole {
            analysis.diagnostics.extend(across::check(&analysis.references, &self.listing, text));
        }
        analysis.with_proven_fixes(text, |text| self.again(text, purpose))
    }

    /// Returns the text with its fixes applied; `analysis` is the result of [`Judge::tell`].
    pub(super) fn fix(&self, text: &str, analysis: &Analysis) -> Option<Fixed<Analysis>> {
        fix::all(text, analysis, |text, purpose| self.tell(text, analyze(text, Options::MEMBER.to(purpose)), purpose))
    }

    /// Returns the diagnostics of another text, as codes and places only.
    fn again(&self, text: &str, purpose: Purpose) -> Vec<CodeAndPlace> {
        let (mut found, references) = codes_and_places(text, Options::REFERENCES.to(purpose));
        if self.is_whole {
            found.extend(codes_and_places_of(&across::check(&references, &self.listing, text)));
        }
        found
    }
}
