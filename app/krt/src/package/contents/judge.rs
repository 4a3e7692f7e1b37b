//! A manifest's text judged as the member of a package that it is: by itself, and held against the other members.

use super::Listing;
use crate::check::{self, Outcome, Purpose, Seen, Wanted};
use crate::mend::{self, Mended};
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
    pub(super) fn tell(&self, text: &str, mut outcome: Outcome, purpose: Purpose) -> Outcome {
        if self.is_whole {
            outcome.diagnostics.extend(across::check(&outcome.references, &self.listing, text));
        }
        check::with_mends(text, outcome, |text| self.again(text, purpose))
    }

    /// The same text with the mends made; `told` is what was told of it.
    pub(super) fn mend(&self, text: &str, told: &Outcome) -> Option<Mended> {
        mend::all(text, told, |text, purpose| {
            self.tell(text, check::outcome_with(text, Wanted::ALL.to(purpose)), purpose)
        })
    }

    /// What another text would be told, in codes and places only.
    fn again(&self, text: &str, purpose: Purpose) -> Vec<Seen> {
        let (mut seen, references) = check::seen(text, Wanted::REFERENCES.to(purpose));
        if self.is_whole {
            seen.extend(check::seen_places(&across::check(&references, &self.listing, text)));
        }
        seen
    }
}
