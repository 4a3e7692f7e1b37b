//! A manifest's text judged as the member of a package that it is: by itself, and held against the other members.

use super::Listing;
use crate::check::{self, Analysis, CodeAndPlace, Purpose, Wanted};
use crate::fix::{self, Fixed};
use crate::package::across;

/// What a manifest is judged with.
pub(super) struct Judge<'a> {
    pub(super) listing: Listing<'a>,
    /// The package was read to its end: what is not listed is not there.
    pub(super) is_whole: bool,
}

impl Judge<'_> {
    /// Everything that is told of a text, with the mends that were proven. `outcome` is its check by itself, made for the
    /// same purpose.
    pub(super) fn tell(&self, text: &str, mut outcome: Analysis, purpose: Purpose) -> Analysis {
        if self.is_whole {
            outcome.diagnostics.extend(across::check(&outcome.references, &self.listing, text));
        }
        check::with_fixes(text, outcome, |text| self.again(text, purpose))
    }

    /// The same text with the mends made; `told` is what was told of it.
    pub(super) fn fix(&self, text: &str, analysis: &Analysis) -> Option<Fixed> {
        fix::all(text, analysis, |text, purpose| {
            self.tell(text, check::outcome_with(text, Wanted::ALL.to(purpose)), purpose)
        })
    }

    /// What another text would be told, in codes and places only.
    fn again(&self, text: &str, purpose: Purpose) -> Vec<CodeAndPlace> {
        let (mut found, references) = check::codes_and_places(text, Wanted::REFERENCES.to(purpose));
        if self.is_whole {
            found.extend(check::codes_and_places_of(&across::check(&references, &self.listing, text)));
        }
        found
    }
}
