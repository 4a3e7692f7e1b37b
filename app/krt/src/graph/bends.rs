//! Long edges cut into pieces: in every column that an edge crosses it gets a bend, which takes room like a very thin
//! node, so that edges run between nodes and not through them.

use std::ops::Range;

use super::layers::Columns;
use super::links::{Link, Lists};

/// Processes and bends in columns. Both are called points here: processes come first, numbered as before.
pub(super) struct Grid {
    /// The points of each column, from top to bottom.
    pub columns: Vec<Vec<usize>>,
    /// Column of each point.
    pub layer_of: Vec<usize>,
    /// How many of the points are processes.
    pub processes: usize,
    /// For each point, those in the next column that it leads to.
    pub right: Lists,
    /// For each point, those in the column before that lead to it.
    pub left: Lists,
    /// For each link, its bends from left to right; none for short ones, and for those that are drawn without.
    pub bends: Vec<Range<usize>>,
    /// For each link, how it is drawn.
    pub routes: Vec<Route>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// From column to column, through its bends.
    Through,
    /// In one sweep behind whatever is in the way: there are too many long edges to give each its own room.
    Direct,
    /// In a lane below everything, back to a column on its left.
    Back,
}

/// Bends for each process and link that we are ready to pay for. A chain in which everybody listens to everybody before
/// would take one for each pair and column: a billion for 1,000 nodes.
const BENDS_FOR_EACH: usize = 8;
/// Bends that are free in any case.
const BENDS_IN_ANY_CASE: usize = 2_000;

/// Gives bends to the long links, the shorter ones first, as many as we are ready to pay for.
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
            by_length.push((layer_of[link.to] - layer_of[link.from] - 1, at));
        }
    }
    by_length.sort_unstable();
    let mut left_to_spend = BENDS_IN_ANY_CASE + BENDS_FOR_EACH * (layer_of.len() + links.len());
    for (bends, at) in by_length {
        match left_to_spend.checked_sub(bends) {
            Some(rest) => left_to_spend = rest,
            None => routes[at] = Route::Direct,
        }
    }
    routes
}
