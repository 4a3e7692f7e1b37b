//! Exchanges neighbours within a column where that undoes crossings.

use crate::graph::bends::Grid;
use crate::graph::links::Lists;

/// Rounds over all columns; most gains are in the first two.
const ROUNDS: usize = 3;
/// Points with more edges than this are left where the sweep put them: comparing two of them costs as much as they have.
const MOST_EDGES: usize = 64;

pub(super) fn exchange_neighbours(grid: &mut Grid, place: &mut [usize]) {
    let mut scratch = Scratch::default();
    for _ in 0..ROUNDS {
        let mut is_better = false;
        for at in 0..grid.columns.len() {
            let column = &mut grid.columns[at];
            for upper in 0..column.len().saturating_sub(1) {
                let (one, other) = (column[upper], column[upper + 1]);
                let gain = scratch.gain(&grid.left, place, one, other) + scratch.gain(&grid.right, place, one, other);
                if gain > 0 {
                    column.swap(upper, upper + 1);
                    place[other] = upper;
                    place[one] = upper + 1;
                    is_better = true;
                }
            }
        }
        if !is_better {
            return;
        }
    }
}

#[derive(Default)]
struct Scratch {
    one: Vec<usize>,
    other: Vec<usize>,
}

impl Scratch {
    /// Crossings on one side between the edges of `one` and of `other` below it, less those if they were exchanged.
    fn gain(&mut self, neighbours: &Lists, place: &[usize], one: usize, other: usize) -> i64 {
        let (ones, others) = (neighbours.of(one), neighbours.of(other));
        if ones.is_empty() || others.is_empty() || ones.len() > MOST_EDGES || others.len() > MOST_EDGES {
            return 0;
        }
        fill(&mut self.one, ones, place);
        fill(&mut self.other, others, place);
        crossings(&self.one, &self.other) - crossings(&self.other, &self.one)
    }
}

fn fill(places: &mut Vec<usize>, neighbours: &[usize], place: &[usize]) {
    places.clear();
    places.extend(neighbours.iter().map(|point| place[*point]));
    places.sort_unstable();
}

/// Crossings of two points whose sorted ends these are: for each end of the upper one, the ends of the lower one above it.
fn crossings(upper: &[usize], lower: &[usize]) -> i64 {
    let mut below = 0;
    let mut crossings = 0;
    for end in upper {
        while below < lower.len() && lower[below] < *end {
            below += 1;
        }
        crossings += below as i64;
    }
    crossings
}
