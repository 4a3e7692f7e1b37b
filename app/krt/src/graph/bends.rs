//! Splits long edges into pieces: an edge gets a bend in every column that it crosses. A bend takes space like a very
//! thin node, so that edges run between nodes and not through them.

use std::ops::Range;

use super::layers::Columns;
use super::links::{Link, Lists};
use super::sort::sort;

/// Processes and bends in columns. Both are called points here: processes come first and keep their numbers.
pub(super) struct Grid {
    /// The points of each column, from top to bottom.
    pub columns: Vec<Vec<usize>>,
    /// The column of each point.
    pub layer_of: Vec<usize>,
    /// The number of points that are processes.
    pub processes: usize,
    /// For each point, its successors in the next column.
    pub right: Lists,
    /// For each point, its predecessors in the previous column.
    pub left: Lists,
    /// For each link, its bends from left to right; empty for short links and for those drawn without bends.
    pub bends: Vec<Range<usize>>,
    /// For each link, how it is drawn.
    pub routes: Vec<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// From column to column, through its bends.
    Through,
    /// One curve behind everything in its way: too many long edges exist to give each its own space.
    Direct,
    /// In a lane below everything, back to a column on the left.
    Back,
}

/// Budget of bends per process and link. A chain in which every node subscribes to all previous nodes would need one
/// bend per pair and column: a billion for 1,000 nodes.
const BENDS_FOR_EACH: usize = 8;
/// Budget of bends for any workflow, in addition.
const BENDS_IN_ANY_CASE: usize = 2_000;

/// Adds bends to the long links, the shorter ones first, within the budget.
pub(super) fn bends(columns: Columns, links: &[Link]) -> Grid {
    let Columns { mut layer_of, is_back } = columns;
    let processes = layer_of.len();
    let routes = routes(&layer_of, &is_back, links);
    let mut bends = Vec::with_capacity(links.len());
    let mut pieces = Vec::new();
    for (link, route) in links.iter().zip(&routes) {
        let start = layer_of.len();
        if *route == Route::Through {
            let mut last = link.from;
            for layer in layer_of[link.from] + 1..layer_of[link.to] {
                pieces.push((last, layer_of.len()));
                last = layer_of.len();
                layer_of.push(layer);
            }
            pieces.push((last, link.to));
        }
        bends.push(start..layer_of.len());
    }
    let count = layer_of.len();
    let mut columns = vec![Vec::new(); layer_of.iter().map(|layer| layer + 1).max().unwrap_or(0)];
    for (point, layer) in layer_of.iter().enumerate() {
        columns[*layer].push(point);
    }
    let right = Lists::new(count, pieces.iter().copied());
    let left = Lists::new(count, pieces.iter().map(|(from, to)| (*to, *from)));
    Grid { columns, layer_of, processes, right, left, bends, routes }
}

fn routes(layer_of: &[usize], is_back: &[bool], links: &[Link]) -> Vec<Route> {
    let mut routes = vec![Route::Through; links.len()];
    let mut by_length = Vec::with_capacity(links.len());
    for (at, link) in links.iter().enumerate() {
        if is_back[at] {
            routes[at] = Route::Back;
        } else {
            by_length.push(((layer_of[link.to] - layer_of[link.from] - 1) as u64, 0, at));
        }
    }
    sort(&mut by_length);
    let mut left_to_spend = BENDS_IN_ANY_CASE + BENDS_FOR_EACH * (layer_of.len() + links.len());
    for (bends, _, at) in by_length {
        match left_to_spend.checked_sub(bends as usize) {
            Some(rest) => left_to_spend = rest,
            None => routes[at] = Route::Direct,
        }
    }
    routes
}
