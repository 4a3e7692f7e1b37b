//! Loops: edges that lead back, drawn in lanes below everything else.

use super::Pen;
use crate::graph::bends::{Grid, Route};
use crate::graph::links::Link;
use crate::graph::sort::sort;

/// How far a loop extends beside the card that it leaves or arrives at, in pixels; less than half a gap.
pub(super) const BULGE: i32 = 26;
/// Distance from the lowest card to the first lane, and between lanes, in pixels.
const LANE: i32 = 18;

pub(super) struct Lanes {
    /// For each link, the height of its lane; 0 for links that do not lead back.
    pub height_of: Vec<i32>,
    /// Height of the lowest lane; 0 without lanes.
    pub bottom: i32,
}

/// Assigns every loop the first lane that is free over its length.
pub(super) fn lanes(grid: &Grid, links: &[Link], below: i32) -> Lanes {
    let mut loops: Vec<_> = (0..links.len())
        .filter(|at| grid.routes[*at] == Route::Back)
        .map(|at| (grid.layer_of[links[at].to] as u64, grid.layer_of[links[at].from] as u64, at))
        .collect();
    sort(&mut loops);
    let mut height_of = vec![0; links.len()];
    // For each lane, the column in which its last loop ends.
    let mut ends: Vec<usize> = Vec::new();
    for (first, last, at) in loops {
        let (first, last) = (first as usize, last as usize);
        let lane = ends.iter().position(|end| *end < first).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(last);
        }
        ends[lane] = last;
        height_of[at] = below + LANE * (lane as i32 + 1);
    }
    let bottom = height_of.iter().copied().max().unwrap_or(0);
    Lanes { height_of, bottom }
}

/// Draws a loop around the right side of its source card, along its lane, around the left side of its target card.
pub(super) fn loop_back(start: (i32, i32), end: (i32, i32), lane: i32) -> Pen {
    let mut pen = Pen { points: vec![start] };
    pen.piece((start.0 + BULGE, start.1), (start.0 + BULGE, lane), (start.0, lane));
    pen.piece(((start.0 + end.0) / 2, lane), ((start.0 + end.0) / 2, lane), (end.0, lane));
    pen.piece((end.0 - BULGE, lane), (end.0 - BULGE, end.1), end);
    pen
}
