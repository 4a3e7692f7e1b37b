//! Counts crossings between adjacent columns.

use crate::graph::bends::Grid;

/// Returns how many pairs of edge pieces cross, in O(pieces × log points) (Barth, Jünger, Mutzel: "Simple and efficient
/// bilayer cross counting", 2002).
pub(super) fn count(grid: &Grid, place: &[usize]) -> u64 {
    let mut crossings = 0;
    let mut ends = Vec::new();
    let mut tree = Vec::new();
    for (column, next) in grid.columns.iter().zip(grid.columns.iter().skip(1)) {
        tree.clear();
        tree.resize(next.len() + 1, 0);
        let mut seen = 0;
        for &point in column {
            ends.clear();
            ends.extend(grid.right.of(point).iter().map(|end| place[*end]));
            // Pieces from the same point do not cross: query all of them, then insert all of them.
            crossings += ends.iter().map(|end| seen - up_to(&tree, *end)).sum::<u64>();
            ends.iter().for_each(|end| enter(&mut tree, *end));
            seen += ends.len() as u64;
        }
    }
    crossings
}

/// Adds one at a place of a Fenwick tree.
fn enter(tree: &mut [u64], place: usize) {
    let mut at = place + 1;
    while at < tree.len() {
        tree[at] += 1;
        at += at & at.wrapping_neg();
    }
}

/// Returns how many were inserted up to and including a place.
fn up_to(tree: &[u64], place: usize) -> u64 {
    let mut at = place + 1;
    let mut sum = 0;
    while at > 0 {
        sum += tree[at];
        at &= at - 1;
    }
    sum
}
