//! Orders each column so that few edges cross: sweeps back and forth that move each point to the mean place of its
//! neighbors (barycenter), then exchanges of adjacent points where that helps.

mod crossings;

mod exchange;

use super::bends::Grid;
use super::links::Lists;
use super::sort::sort;

/// Number of sweeps without improvement before giving up.
const TIMEOUT: usize = 4;
/// Maximum number of sweeps; real workflows need fewer than ten.
const MOST_SWEEPS: usize = 24;

/// Reorders the columns.
pub(super) fn reduce_crossings(grid: &mut Grid) {
    start_order(grid);
    let mut place = vec![0; grid.layer_of.len()];
    take_places(&grid.columns, &mut place);
    let mut best = (crossings::count(grid, &place), grid.columns.clone());
    let mut patience = TIMEOUT;
    for sweep in 0..MOST_SWEEPS {
        if best.0 == 0 || patience == 0 {
            break;
        }
        // Every second pair of sweeps reverses ties, to escape a local minimum.
        let turn_ties = sweep % 4 >= 2;
        let last = grid.columns.len() - 1;
        if sweep.is_multiple_of(2) {
            (1..=last).for_each(|at| arrange(&mut grid.columns[at], &grid.left, &mut place, turn_ties));
        } else {
            (0..last).rev().for_each(|at| arrange(&mut grid.columns[at], &grid.right, &mut place, turn_ties));
        }
        exchange::exchange_neighbors(grid, &mut place);
        let crossings = crossings::count(grid, &place);
        if crossings < best.0 {
            best = (crossings, grid.columns.clone());
            patience = TIMEOUT;
        } else {
            patience -= 1;
        }
    }
    grid.columns = best.1;
}

/// Orders each column by when a walk from the entrypoint first visits its points.
fn start_order(grid: &mut Grid) {
    let count = grid.layer_of.len();
    let mut met = vec![false; count];
    let mut waiting = Vec::new();
    grid.columns.iter_mut().for_each(Vec::clear);
    for start in 0..count {
        waiting.push(start);
        while let Some(point) = waiting.pop() {
            if !std::mem::replace(&mut met[point], true) {
                grid.columns[grid.layer_of[point]].push(point);
                waiting.extend(grid.right.of(point).iter().rev());
            }
        }
    }
}

fn take_places(columns: &[Vec<usize>], place: &mut [usize]) {
    for column in columns {
        for (at, point) in column.iter().enumerate() {
            place[*point] = at;
        }
    }
}

/// Sorts one column by the mean place of its points' neighbors in the fixed column. Points without neighbors there stay
/// in place.
fn arrange(column: &mut [usize], neighbors: &Lists, place: &mut [usize], turn_ties: bool) {
    let mut slots = Vec::with_capacity(column.len());
    let mut moving = Vec::with_capacity(column.len());
    for (at, &point) in column.iter().enumerate() {
        let others = neighbors.of(point);
        if others.is_empty() {
            continue;
        }
        let sum: usize = others.iter().map(|other| place[*other]).sum();
        let tie = if turn_ties { usize::MAX - at } else { at };
        slots.push(at);
        // Floats that are not negative are in the order of their bits.
        moving.push(((sum as f64 / others.len() as f64).to_bits(), tie as u64, point));
    }
    sort(&mut moving);
    for (slot, (_, _, point)) in slots.into_iter().zip(moving) {
        column[slot] = point;
        place[point] = slot;
    }
}
