//! Assigns each point a height: near its neighbors, so that edges run straight, and never over another point.

use super::Placed;
use super::bends::Grid;

/// Minimum space between two cards, a card and a bend, two bends, in pixels.
const CARD_CARD: f64 = 26.0;
const CARD_BEND: f64 = 18.0;
const BEND_BEND: f64 = 14.0;
/// Number of sweeps back and forth; the layout hardly changes after a few.
const ROUNDS: usize = 6;
/// Weight of a bend next to a bend, compared with 1 between two cards: long edges stay straight.
const BEND_PULL: f64 = 8.0;
const HALF_BEND_PULL: f64 = 2.0;

/// Largest difference in height, in pixels, that is straightened; a larger one gets a curve.
const WAVE: i32 = 12;

/// Returns the vertical center of each point, in pixels from the top of the topmost card.
pub(super) fn middles(grid: &Grid, cards: &[Placed]) -> Vec<i32> {
    let half = |point: usize| cards.get(point).map_or(0.0, |card| f64::from(card.height) / 2.0);
    let mut middles = vec![0.0; grid.layer_of.len()];
    for column in &grid.columns {
        let mut y = 0.0;
        for (at, &point) in column.iter().enumerate() {
            y += if at > 0 { least_distance(grid, column[at - 1], point, &half) } else { 0.0 };
            middles[point] = y;
        }
    }
    let last = grid.columns.len();
    for _ in 0..ROUNDS {
        (1..last).for_each(|at| settle(grid, at, Sides::Left, &half, &mut middles));
        (0..last).rev().for_each(|at| settle(grid, at, Sides::Right, &half, &mut middles));
    }
    for _ in 0..2 {
        (0..last).for_each(|at| settle(grid, at, Sides::Both, &half, &mut middles));
    }
    let mut middles: Vec<_> = middles.into_iter().map(|middle| middle.round() as i32).collect();
    straighten(grid, &half, &mut middles);
    let top = (0..middles.len()).map(|point| middles[point] - half(point) as i32).min().unwrap_or(0);
    middles.into_iter().map(|middle| middle - top).collect()
}

/// Aligns a point with the point that it belongs to when both are nearly at the same height and space allows: avoids
/// needless waves.
fn straighten(grid: &Grid, half: &impl Fn(usize) -> f64, middles: &mut [i32]) {
    let mut place = vec![0; middles.len()];
    for column in &grid.columns {
        for (at, &point) in column.iter().enumerate() {
            place[point] = at;
        }
    }
    // Two points that are each other's only neighbor on that side: pieces of a long edge, links of a chain.
    let pairs = || {
        grid.columns.iter().flatten().filter_map(|&one| match grid.right.of(one) {
            [other] if grid.left.of(*other).len() == 1 => Some((one, *other)),
            _ => None,
        })
    };
    let back: Vec<_> = pairs().collect();
    for (point, model) in pairs().map(|(one, other)| (other, one)).chain(back.into_iter().rev()) {
        let wanted = middles[model];
        if (middles[point] - wanted).abs() > WAVE {
            continue;
        }
        let column = &grid.columns[grid.layer_of[point]];
        let (above, below) = (column[..place[point]].last(), column.get(place[point] + 1));
        let is_clear = |other: &usize| {
            let distance = f64::from((middles[*other] - wanted).abs());
            distance + 1.0 >= least_distance(grid, *other, point, half)
        };
        if above.is_none_or(is_clear) && below.is_none_or(is_clear) {
            middles[point] = wanted;
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Sides {
    Left,
    Right,
    Both,
}

/// Adjacent points that move together.
struct Block {
    first: usize,
    weight: f64,
    /// Mean of the points' desired heights, each minus the point's distance from the first point of the column.
    want: f64,
}

/// Moves the points of one column as near to their neighbors' centers as order and distances allow: the least sum of
/// squares, found by pooling adjacent violators.
fn settle(grid: &Grid, column: usize, sides: Sides, half: &impl Fn(usize) -> f64, middles: &mut [f64]) {
    let points = &grid.columns[column];
    let mut blocks: Vec<Block> = Vec::with_capacity(points.len());
    let mut offsets = Vec::with_capacity(points.len());
    let mut offset = 0.0;
    for (at, &point) in points.iter().enumerate() {
        offset += if at > 0 { least_distance(grid, points[at - 1], point, half) } else { 0.0 };
        offsets.push(offset);
        let (want, weight) = wish(grid, point, sides, middles);
        let mut block = Block { first: at, weight, want: want - offset };
        while let Some(above) = blocks.pop_if(|above| above.want > block.want) {
            let weight = above.weight + block.weight;
            let want = (above.want * above.weight + block.want * block.weight) / weight;
            block = Block { first: above.first, weight, want };
        }
        blocks.push(block);
    }
    let mut end = points.len();
    for block in blocks.iter().rev() {
        for at in block.first..end {
            middles[points[at]] = block.want + offsets[at];
        }
        end = block.first;
    }
}

/// Returns the desired height of a point and its weight; without neighbors, the current height with a tiny weight.
fn wish(grid: &Grid, point: usize, sides: Sides, middles: &[f64]) -> (f64, f64) {
    let left = if sides == Sides::Right { &[][..] } else { grid.left.of(point) };
    let right = if sides == Sides::Left { &[][..] } else { grid.right.of(point) };
    let (mut sum, mut weights) = (0.0, 0.0);
    for &other in left.iter().chain(right) {
        let weight = match (is_bend(grid, point), is_bend(grid, other)) {
            (true, true) => BEND_PULL,
            (false, false) => 1.0,
            _ => HALF_BEND_PULL,
        };
        sum += middles[other] * weight;
        weights += weight;
    }
    if weights > 0.0 { (sum / weights, weights) } else { (middles[point], 0.01) }
}

fn least_distance(grid: &Grid, upper: usize, lower: usize, half: &impl Fn(usize) -> f64) -> f64 {
    let between = match (is_bend(grid, upper), is_bend(grid, lower)) {
        (false, false) => CARD_CARD,
        (true, true) => BEND_BEND,
        _ => CARD_BEND,
    };
    half(upper) + between + half(lower)
}

fn is_bend(grid: &Grid, point: usize) -> bool {
    point >= grid.processes
}
