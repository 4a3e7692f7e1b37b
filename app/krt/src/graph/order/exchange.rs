//! Exchanges adjacent points of a column where that removes crossings.

use crate::graph::bends::Grid;
use crate::graph::links::Lists;

/// Number of rounds over all columns; most gains come from the first two.
const ROUNDS: usize = 3;
/// Points with more edges stay where the sweep put them: comparing two points costs as much as their edges.
const MOST_EDGES: usize = 64;

pub(super) fn exchange_neighbors(grid: &mut Grid, place: &mut [usize]) {
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
    /// Returns the crossings on one side between the edges of `one` and of `other` below it, minus those after an
    /// exchange.
    fn gain(&mut self, neighbors: &Lists, place: &[usize], one: usize, other: usize) -> i64 {
        let (ones, others) = (neighbors.of(one), neighbors.of(other));
        if ones.is_empty() || others.is_empty() || ones.len() > MOST_EDGES || others.len() > MOST_EDGES {
            return 0;
        }
        fill(&mut self.one, ones, place);
        fill(&mut self.other, others, place);
        crossings(&self.one, &self.other) - crossings(&self.other, &self.one)
    }
}

fn fill(places: &mut Vec<usize>, neighbors: &[usize], place: &[usize]) {
    places.clear();
    places.extend(neighbors.iter().map(|point| place[*point]));
    // `MOST_EDGES` at most, mostly two or three.
    for from in 1..places.len() {
        let mut at = from;
        while at > 0 && places[at - 1] > places[at] {
            places.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Counts the crossings of two points from their sorted ends: for each end of the upper point, the ends of the lower
/// point above that end.
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
