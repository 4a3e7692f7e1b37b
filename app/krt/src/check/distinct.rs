//! Whether names are all different. This is tested for every map and list, and is nearly always true.

use foldhash::{HashSet, HashSetExt};

/// Up to this many names are compared one by one, which is faster than a set.
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

#[cfg(test)]
mod tests {
    use super::*;

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
