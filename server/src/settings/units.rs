//! Sizes and periods with units, as people type them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A number of bytes: `500MB`, `20GiB`, `1048576`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// A length of time: `90s`, `30m`, `12h`, `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period(pub Duration);

/// Units of 1024.
const BINARY: [(&str, u64); 4] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
const DECIMAL: [(&str, u64); 5] =
    [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)];
const PERIODS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Bytes, String> {
        let (number, unit) = split(text);
        let factor = if unit.is_empty() {
            Some(1)
        } else {
            BINARY.iter().chain(&DECIMAL).find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, factor)| *factor)
        };
        let bytes = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
        bytes.map(Bytes).ok_or_else(|| "expected a whole number with a unit, for example 500MB or 20GiB".to_owned())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&app::labels::size(self.0))
    }
}

impl Period {
    pub fn milliseconds(self) -> i64 {
        // Ten years at most, which fits.
        self.0.as_millis() as i64
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Period, String> {
        let (number, unit) = split(text);
        let factor = PERIODS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let seconds = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
        let seconds = seconds.filter(|seconds| (1..=MAX_PERIOD).contains(seconds));
        seconds
            .map(|seconds| Period(Duration::from_secs(seconds)))
            .ok_or_else(|| "expected a whole number with a unit, at most 10 years: 90s, 30m, 12h or 7d".to_owned())
    }
}

/// Ten years in seconds, small enough that later sums cannot overflow.
const MAX_PERIOD: u64 = 10 * 365 * 86_400;

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_units_of_1024_and_of_1000() {
        for (text, bytes) in
            [("0", 0), ("1048576", 1 << 20), ("20GiB", 20 << 30), ("500 MB", 500_000_000), ("3kb", 3000)]
        {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
        for text in ["", "GiB", "1.5GiB", "-1", "5 apples", "99999999TiB"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_displayed_in_the_largest_unit() {
        let written = [20 << 30, 1_500_000_000, 17].map(|bytes| Bytes(bytes).to_string());
        assert_eq!(written, ["20 GiB", "1.4 GiB", "17 bytes"]);
    }

    #[test]
    fn periods_need_a_unit_and_have_a_limit() {
        assert_eq!("12h".parse(), Ok(Period(Duration::from_secs(43_200))));
        for text in ["", "12", "0s", "h", "9999d", "1w"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
