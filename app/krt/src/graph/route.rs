//! Places the columns and draws the curves of the edges.

mod ports;

mod lanes;

use super::bends::{Grid, Route};
use super::links::Link;
use super::{Edge, Placed, shape};

/// Margin around the picture, in pixels: lines and focus rings need some space.
const MARGIN: i32 = 6;
/// Minimum space between two columns, in pixels.
const GAP: i32 = 56;
/// Steep edges are hard to follow: a gap grows by the height of its steepest edge divided by this, up to
/// [`STEEP_LIMIT`] pixels.
const STEEP_PART: i32 = 8;
const STEEP_LIMIT: i32 = 64;
/// Length of straight line around a subtopic's name, both sides and the arrow head included, in pixels.
const AROUND_SUBTOPIC: i32 = 24;

/// Places the cards and draws the links; returns the edges, and the width and height of the picture.
pub(super) fn draw(grid: &Grid, links: &[Link], cards: &mut [Placed], middles: &[i32]) -> (Vec<Edge>, i32, i32) {
    let columns = place_columns(grid, links, cards, middles);
    for (card, middle) in cards.iter_mut().zip(middles) {
        card.x = columns[card.layer].0;
        card.y = MARGIN + middle - card.height / 2;
    }
    let lowest_card = cards.iter().map(|card| card.y + card.height).max().unwrap_or(0);
    let lowest_bend = middles.iter().map(|middle| MARGIN + middle).max().unwrap_or(0);
    let lanes = lanes::lanes(grid, links, lowest_card.max(lowest_bend));
    let ports = ports::ports(grid, links, cards, middles);
    let edges: Vec<_> = links
        .iter()
        .enumerate()
        .map(|(at, link)| {
            let start = (right_of(&cards[link.from]), ports[at].leaves_at);
            let end = (cards[link.to].x, ports[at].arrives_at);
            let pen = match grid.routes[at] {
                Route::Back => lanes::loop_back(start, end, lanes.height_of[at]),
                _ => {
                    let bends =
                        grid.bends[at].clone().map(|bend| (columns[grid.layer_of[bend]], MARGIN + middles[bend]));
                    forward(start, end, bends, label_width(link))
                }
            };
            let label = match grid.routes[at] {
                Route::Back => ((start.0 + end.0) / 2, lanes.height_of[at]),
                _ => (end.0 - AROUND_SUBTOPIC / 2 - 2 - label_width(link) / 2, end.1),
            };
            Edge { from: link.from, to: link.to, subtopic: link.subtopic.clone(), points: pen.points, label }
        })
        .collect();
    let right = cards.iter().map(right_of).max().unwrap_or(0);
    let bulge = if lanes.bottom > 0 { lanes::BULGE } else { 0 };
    (edges, right + bulge + MARGIN, lowest_card.max(lowest_bend).max(lanes.bottom) + MARGIN)
}

/// Returns the left and right side of each column.
fn place_columns(grid: &Grid, links: &[Link], cards: &[Placed], middles: &[i32]) -> Vec<(i32, i32)> {
    let mut gaps = vec![GAP; grid.columns.len()];
    for (gap, column) in gaps.iter_mut().zip(&grid.columns) {
        let heights = column
            .iter()
            .flat_map(|point| grid.left.of(*point).iter().map(|other| (middles[*point] - middles[*other]).abs()));
        *gap += heights.max().map_or(0, |steepest| (steepest / STEEP_PART).min(STEEP_LIMIT));
    }
    let mut room_for_subtopics = vec![0; grid.columns.len()];
    for link in links {
        let room = &mut room_for_subtopics[grid.layer_of[link.to]];
        *room = label_width(link).max(*room);
    }
    let mut widths = vec![0; grid.columns.len()];
    for card in cards {
        widths[card.layer] = card.width;
    }
    let mut x = MARGIN;
    let columns = widths.iter().enumerate().map(|(at, width)| {
        x += if at > 0 { gaps[at] + room_for_subtopics[at] } else { 0 };
        let left = x;
        x += width;
        (left, x)
    });
    columns.collect()
}

/// Returns the width of a link's subtopic on the line; 0 without a subtopic.
fn label_width(link: &Link) -> i32 {
    link.subtopic.as_deref().map_or(0, |subtopic| shape::subtopic_label(subtopic).1 + AROUND_SUBTOPIC)
}

fn right_of(card: &Placed) -> i32 {
    card.x + card.width
}

/// Draws from left to right: curves in the gaps, straight lines through the columns and under the subtopic.
fn forward(
    start: (i32, i32),
    end: (i32, i32),
    bends: impl Iterator<Item = ((i32, i32), i32)>,
    label_width: i32,
) -> Pen {
    let mut pen = Pen { points: vec![start] };
    for ((left, right), y) in bends {
        pen.curve_to((left, y));
        pen.curve_to((right, y));
    }
    if label_width > 0 {
        pen.curve_to((end.0 - label_width, end.1));
    }
    pen.curve_to(end);
    pen
}

/// Collects the points of a path.
struct Pen {
    points: Vec<(i32, i32)>,
}

impl Pen {
    /// Adds a curve that leaves and arrives horizontally.
    fn curve_to(&mut self, end: (i32, i32)) {
        let count = self.points.len();
        let start = self.points[count - 1];
        // A straight continuation extends the last piece instead of adding one.
        if count >= 4 && start.1 == end.1 && self.points[count - 4].1 == start.1 {
            self.points.truncate(count - 3);
            return self.curve_to(end);
        }
        let middle = (start.0 + end.0) / 2;
        self.points.extend([(middle, start.1), (middle, end.1), end]);
    }

    fn piece(&mut self, first: (i32, i32), second: (i32, i32), end: (i32, i32)) {
        self.points.extend([first, second, end]);
    }
}
