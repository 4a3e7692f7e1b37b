//! The lifecycle diagram: the place of each status and action, and the arrows between them.
//!
//! The places are chosen by hand, so that the diagram looks like the documentation's. A test compares the diagram with
//! the transition table: every transition is drawn, and nothing else.

use super::{Action, Status};

/// Size of the diagram in CSS pixels.
pub const WIDTH: i32 = 1028;
pub const HEIGHT: i32 = 236;

/// A box of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Station {
    Status(Status),
    Action(Action),
}

impl Station {
    /// Every station, in reading order: along the lifecycle.
    pub const ALL: [Station; 13] = [
        Station::Action(Action::Create),
        Station::Status(Status::Stopped),
        Station::Action(Action::Start),
        Station::Status(Status::Starting),
        Station::Status(Status::Started),
        Station::Action(Action::Publish),
        Station::Status(Status::Publishing),
        Station::Status(Status::Published),
        Station::Action(Action::Unpublish),
        Station::Action(Action::Stop),
        Station::Status(Status::Stopping),
        Station::Action(Action::Archive),
        Station::Status(Status::Archived),
    ];

    /// Returns the place of the box.
    pub const fn place(self) -> Place {
        match self {
            // From creation to published, left to right.
            Station::Action(Action::Create) => action(12, MIDDLE, 84),
            Station::Status(Status::Stopped) => status(128, MIDDLE, 96),
            Station::Action(Action::Start) => action(260, MIDDLE, 74),
            Station::Status(Status::Starting) => status(370, MIDDLE, 96),
            Station::Status(Status::Started) => status(514, MIDDLE, 96),
            Station::Action(Action::Publish) => action(648, MIDDLE, 80),
            Station::Status(Status::Publishing) => status(768, MIDDLE, 104),
            Station::Status(Status::Published) => status(912, MIDDLE, 104),
            // Back, below and above.
            Station::Action(Action::Stop) => action(430, BOTTOM, 74),
            Station::Status(Status::Stopping) => status(268, BOTTOM, 96),
            Station::Action(Action::Unpublish) => action(914, TOP, 100),
            // Archiving.
            Station::Action(Action::Archive) => action(132, TOP, 88),
            Station::Status(Status::Archived) => status(6, TOP, 96),
        }
    }
}

/// A rectangle, in pixels from the top left corner of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// An arrow of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pub from: Station,
    pub to: Station,
    /// Whether the arrow stands for a failure: drawn dotted and labeled.
    pub is_failure: bool,
    /// A start point, then three points of one cubic Bézier curve.
    pub curve: [(i32, i32); 4],
}

impl Way {
    /// Returns the middle of the curve, where the label is drawn.
    pub fn middle(&self) -> (i32, i32) {
        let [start, first, second, end] = self.curve;
        let middle = |a: i32, b: i32, c: i32, d: i32| (a + 3 * b + 3 * c + d) / 8;
        (middle(start.0, first.0, second.0, end.0), middle(start.1, first.1, second.1, end.1))
    }

    /// Returns the `d` attribute of the SVG path.
    pub fn path(&self) -> String {
        let [start, first, second, end] = self.curve;
        format!("M{} {}C{} {} {} {} {} {}", start.0, start.1, first.0, first.1, second.0, second.1, end.0, end.1)
    }
}

/// Every arrow.
pub const WAYS: [Way; 17] = {
    use Action::{Archive, Create, Publish, Start, Stop, Unpublish};
    use Station::{Action as A, Status as S};
    use Status::{Archived, Published, Publishing, Started, Starting, Stopped, Stopping};
    [
        straight(A(Create), S(Stopped)),
        straight(S(Stopped), A(Start)),
        straight(A(Start), S(Starting)),
        straight(S(Starting), S(Started)),
        straight(S(Started), A(Publish)),
        straight(A(Publish), S(Publishing)),
        straight(S(Publishing), S(Published)),
        straight(A(Stop), S(Stopping)),
        straight(A(Archive), S(Archived)),
        upward(S(Stopped), A(Archive)),
        upward(S(Published), A(Unpublish)),
        curved(A(Unpublish), S(Started), [(914, TOP), (780, 8), (562, 8), (562, 96)]),
        curved(S(Starting), A(Stop), [(440, 136), (442, 160), (456, 162), (462, 186)]),
        curved(S(Started), A(Stop), [(546, 136), (546, 186), (540, 204), (504, 204)]),
        curved(S(Stopping), S(Stopped), [(268, 204), (196, 204), (176, 186), (176, 136)]),
        failing(S(Starting), S(Stopping), [(396, 136), (392, 164), (342, 156), (330, 184)]),
        failing(S(Publishing), S(Started), [(820, 136), (816, 196), (610, 200), (584, 136)]),
    ]
};

/// Vertical centers of the three rows.
const TOP: i32 = 38;
const MIDDLE: i32 = 116;
const BOTTOM: i32 = 204;

const STATUS_HEIGHT: i32 = 40;
const ACTION_HEIGHT: i32 = 36;

const fn status(x: i32, middle: i32, width: i32) -> Place {
    Place { x, y: middle - STATUS_HEIGHT / 2, width, height: STATUS_HEIGHT }
}

const fn action(x: i32, middle: i32, width: i32) -> Place {
    Place { x, y: middle - ACTION_HEIGHT / 2, width, height: ACTION_HEIGHT }
}

/// Connects the facing sides of two boxes in the same row.
const fn straight(from: Station, to: Station) -> Way {
    let (one, other) = (from.place(), to.place());
    let y = one.y + one.height / 2;
    let (start, end) = if one.x < other.x { (one.x + one.width, other.x) } else { (one.x, other.x + other.width) };
    curved(from, to, [(start, y), (start, y), (end, y), (end, y)])
}

/// Connects the top of a box to the bottom of the box above.
const fn upward(from: Station, to: Station) -> Way {
    let (one, other) = (from.place(), to.place());
    let x = one.x + one.width / 2;
    let (start, end) = (one.y, other.y + other.height);
    curved(from, to, [(x, start), (x, start), (x, end), (x, end)])
}

const fn curved(from: Station, to: Station, curve: [(i32, i32); 4]) -> Way {
    Way { from, to, is_failure: false, curve }
}

const fn failing(from: Station, to: Station, curve: [(i32, i32); 4]) -> Way {
    Way { from, to, is_failure: true, curve }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{Cause, Event, TABLE};

    /// The arrows that the table requires: two for an action (to and from its box), one for an event.
    fn ways_of_the_table() -> Vec<(Station, Station, bool)> {
        let mut ways = Vec::new();
        for line in TABLE {
            let to = Station::Status(line.to);
            match (line.from.map(Station::Status), line.cause) {
                (from, Cause::Action(action)) => {
                    ways.extend(from.map(|from| (from, Station::Action(action), false)));
                    ways.push((Station::Action(action), to, false));
                }
                (Some(from), Cause::Event(event)) => ways.push((from, to, event == Event::Failure)),
                (None, Cause::Event(_)) => panic!("an event of a version that does not exist"),
            }
        }
        sorted(ways)
    }

    fn sorted(mut ways: Vec<(Station, Station, bool)>) -> Vec<(Station, Station, bool)> {
        ways.sort_by_key(|way| format!("{way:?}"));
        ways.dedup();
        ways
    }

    #[test]
    fn every_transition_is_drawn_once_and_nothing_else() {
        let drawn: Vec<_> = WAYS.iter().map(|way| (way.from, way.to, way.is_failure)).collect();
        assert_eq!(sorted(drawn.clone()), ways_of_the_table());
        assert_eq!(sorted(drawn).len(), WAYS.len(), "an arrow is drawn twice");
    }

    #[test]
    fn every_status_and_action_is_drawn() {
        for status in Status::ALL {
            assert!(Station::ALL.contains(&Station::Status(status)), "{status:?}");
        }
        for action in Action::ALL {
            assert!(Station::ALL.contains(&Station::Action(action)), "{action:?}");
        }
        assert_eq!(Station::ALL.len(), Status::ALL.len() + Action::ALL.len());
    }

    #[test]
    fn boxes_do_not_overlap_and_are_inside_the_diagram() {
        let places: Vec<_> = Station::ALL.into_iter().map(Station::place).collect();
        for (at, one) in places.iter().enumerate() {
            assert!(one.x >= 0 && one.y >= 0 && one.x + one.width <= WIDTH && one.y + one.height <= HEIGHT, "{one:?}");
            for other in &places[at + 1..] {
                let apart_in_x = one.x + one.width < other.x || other.x + other.width < one.x;
                let apart_in_y = one.y + one.height < other.y || other.y + other.height < one.y;
                assert!(apart_in_x || apart_in_y, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn every_arrow_starts_and_ends_at_its_boxes() {
        let touches = |place: Place, (x, y): (i32, i32)| {
            let on_a_side = x == place.x || x == place.x + place.width;
            let on_top_or_bottom = y == place.y || y == place.y + place.height;
            (on_a_side && place.y <= y && y <= place.y + place.height)
                || (on_top_or_bottom && place.x <= x && x <= place.x + place.width)
        };
        for way in WAYS {
            assert!(touches(way.from.place(), way.curve[0]), "{way:?}");
            assert!(touches(way.to.place(), way.curve[3]), "{way:?}");
        }
    }
}
