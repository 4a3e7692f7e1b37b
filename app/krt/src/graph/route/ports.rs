//! Ports: where edges leave and arrive at the sides of a card, spread in the order of their other ends, so that edges
//! do not cross at the card.

use super::MARGIN;
use crate::graph::Placed;
use crate::graph::bends::{Grid, Route};
use crate::graph::links::{Link, Lists};
use crate::graph::sort::{Keyed, sort};

/// Maximum distance between two edges at the same side of a card, in pixels.
const SPREAD: i32 = 14;
/// Space above and below the outermost edges, for round corners, in pixels.
const CORNER: i32 = 12;

/// The heights at which one edge leaves and arrives.
#[derive(Clone, Copy, Default)]
pub(super) struct Ports {
    pub leaves_at: i32,
    pub arrives_at: i32,
}

/// Returns the ports of every link.
pub(super) fn ports(grid: &Grid, links: &[Link], cards: &[Placed], middles: &[i32]) -> Vec<Ports> {
    let mut ports = vec![Ports::default(); links.len()];
    let next = |at: usize| middles[grid.bends[at].clone().next().unwrap_or(links[at].to)];
    let previous = |at: usize| middles[grid.bends[at].clone().last().unwrap_or(links[at].from)];
    let leaving = Lists::new(cards.len(), links.iter().enumerate().map(|(at, link)| (link.from, at)));
    let arriving = Lists::new(cards.len(), links.iter().enumerate().map(|(at, link)| (link.to, at)));
    // Loops run below everything, so they get the lowest ports.
    let by_height = |height: i32, at: usize| {
        let is_back = grid.routes[at] == Route::Back;
        (u64::from(is_back), u64::from(height.wrapping_sub(i32::MIN) as u32), at)
    };
    for (number, card) in cards.iter().enumerate() {
        let mut edges: Vec<_> = leaving.of(number).iter().map(|at| by_height(next(*at), *at)).collect();
        spread(card, middles[number], &mut edges, |at, height| ports[at].leaves_at = height);
        let mut edges: Vec<_> = arriving.of(number).iter().map(|at| by_height(previous(*at), *at)).collect();
        spread(card, middles[number], &mut edges, |at, height| ports[at].arrives_at = height);
    }
    ports
}

/// Spreads edges over one side of a card.
fn spread(card: &Placed, middle: i32, edges: &mut [Keyed], mut set: impl FnMut(usize, i32)) {
    sort(edges);
    let gaps = (edges.len() as i32 - 1).max(1);
    let room = if edges.len() > 1 { (card.height - 2 * CORNER).min(SPREAD * gaps) } else { 0 };
    for (place, (_, _, at)) in edges.iter().enumerate() {
        set(*at, MARGIN + middle - room / 2 + place as i32 * room / gaps);
    }
}
