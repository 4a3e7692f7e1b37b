//! What a package contains, as its manifest is compared with it.

use std::collections::BTreeMap;

use super::Member;

/// The members that the manifest is compared with.
pub(super) struct Listing<'a> {
    pub(super) members: &'a [Member],
    pub(super) by_path: &'a BTreeMap<String, usize>,
    pub(super) protos: &'a BTreeMap<String, Option<Vec<u8>>>,
}
