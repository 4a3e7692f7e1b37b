//! Positions in the live stream: `<boot>-<number>`, where the boot names one run of the server.

use std::fmt;

/// The last event that a page or tab has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Names the run of the server that numbered the events.
    pub boot: String,
    /// Increases with every event of that run.
    pub number: u64,
}

impl Position {
    /// Parses `<boot>-<number>`; the boot may contain hyphens.
    pub fn parse(text: &str) -> Option<Position> {
        let (boot, number) = text.rsplit_once('-')?;
        Some(Position { boot: boot.to_owned(), number: number.parse().ok()? })
    }

    /// Whether this position belongs to the same run and is not before the other.
    pub fn covers(&self, other: &Position) -> bool {
        self.boot == other.boot && self.number >= other.number
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.boot, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_round_trip() {
        for text in ["b7-0", "0193-4f-12", "x-18446744073709551615"] {
            assert_eq!(Position::parse(text).map(|position| position.to_string()).as_deref(), Some(text));
        }
        for text in ["", "b7", "b7-", "b7-x"] {
            assert_eq!(Position::parse(text), None, "{text}");
        }
    }

    #[test]
    fn positions_of_different_runs_never_cover_each_other() {
        let at = |text| Position::parse(text).unwrap();
        assert!(at("a-2").covers(&at("a-1")) && at("a-2").covers(&at("a-2")));
        assert!(!at("a-1").covers(&at("a-2")) && !at("a-2").covers(&at("b-1")));
    }
}
