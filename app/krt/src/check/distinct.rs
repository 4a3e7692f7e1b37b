//! Whether some names are all different: asked of every map and list, and hardly ever answered with no.

use foldhash::{HashSet, HashSetExt};

/// So many are compared one by one, which is faster than a set.
const FEW: usize = 16;

pub(crate) fn are_distinct<'t>(names: impl ExactSizeIterator<Item = &'t str> + Clone) -> bool {
    if names.len() > FEW {
        let mut seen = HashSet::with_capacity(names.len());
        return names.into_iter().all(|name| seen.insert(name));
    }
    let mut rest = names;
    while let Some(name) = rest.next() {
        if rest.clone().any(|other| other == name) {
            return false;
        }
    }
    true
}

/// Names longer than this are not looked into by [`one_begins_another`].
const MAX_LENGTH: usize = 64;

/// Whether one of the names with a `-` behind it begins another: only then can two of them, joined with something else by
/// dashes, become the same. Also `true` when a name is repeated, or too long to tell.
pub(crate) fn one_begins_another<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    let mut known = HashSet::with_capacity(names.size_hint().1.unwrap_or_default());
    if !names.clone().all(|name| name.len() <= MAX_LENGTH && known.insert(name)) {
        return true;
    }
    let dashes = |name: &'t str| (0..name.len()).filter(|at| name.as_bytes()[*at] == b'-');
    names.into_iter().any(|name| dashes(name).any(|dash| known.contains(&name[..dash])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_dashes_could_make_alike_are_seen() {
        for (names, wanted) in [
            (&["etl", "etl-2"][..], true),
            (&["a-b", "c", "a-b-c"], true),
            (&["etl", "etl"], true),
            (&["etl2", "etl", "e-tl"], false),
            (&["node-1", "node-10"], false),
        ] {
            assert_eq!(one_begins_another(names.iter().copied()), wanted, "{names:?}");
        }
        assert!(one_begins_another([&*"x".repeat(65)].into_iter()));
    }

    #[test]
    fn a_name_that_comes_again_is_seen_among_few_and_many() {
        for count in [0, 1, 2, 16, 17, 100] {
            let mut names: Vec<String> = (0..count).map(|n| format!("name-{n}")).collect();
            assert!(are_distinct(names.iter().map(String::as_str)), "{count}");
            names.extend(names.last().cloned());
            assert_eq!(are_distinct(names.iter().map(String::as_str)), count == 0, "{count} and one again");
        }
    }
}
