//! Formats timestamps. Server and browser render UTC, named as UTC; after hydration the browser shows every `<time>`
//! in its own time zone, and as an age while it is recent.

use crate::model::Timestamp;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SECOND: i64 = 1_000;
const DAY: i64 = 86_400;

/// A timestamp split into parts; the month counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

impl Parts {
    /// In UTC.
    pub fn utc(at: Timestamp) -> Parts {
        let seconds = at.0.div_euclid(SECOND);
        let (year, month, day) = civil(seconds.div_euclid(DAY));
        let of_day = seconds.rem_euclid(DAY);
        let part = |unit: i64, of: i64| u32::try_from(of_day / unit % of).unwrap_or_default();
        Parts { year, month, day, hour: part(3_600, 24), minute: part(60, 60), second: part(1, 60) }
    }

    /// `21 Nov 2026`
    pub fn date(&self) -> String {
        format!("{} {}", self.day_and_month(), self.year)
    }

    /// `21 Nov`
    pub fn day_and_month(&self) -> String {
        let month = MONTHS.get(self.month.wrapping_sub(1) as usize).copied().unwrap_or_default();
        format!("{} {month}", self.day)
    }

    /// `09:31`
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// `21 Nov 2026, 09:31 UTC`
pub fn utc(at: Timestamp) -> String {
    let parts = Parts::utc(at);
    format!("{}, {} UTC", parts.date(), parts.time())
}

/// `2026-11-21T09:31:07Z`, for the `datetime` attribute.
pub fn iso(at: Timestamp) -> String {
    let Parts { year, month, day, hour, minute, second } = Parts::utc(at);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Shows a `<time>` in the browser's time zone: as an age or a short date, with the whole time and its zone as title.
#[cfg(feature = "hydrate")]
pub fn localize(time: &web_sys::Element) {
    let at = js_sys::Date::new(&time.get_attribute("datetime").unwrap_or_default().into());
    let now = js_sys::Date::new_0();
    let read = |date: &js_sys::Date| Parts {
        year: i64::from(date.get_full_year()),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
        second: date.get_seconds(),
    };
    #[allow(clippy::cast_possible_truncation)]
    let age = ((now.get_time() - at.get_time()) / 1_000.0) as i64;
    #[allow(clippy::cast_possible_truncation)]
    let offset = -at.get_timezone_offset() as i64;
    // Changes the text, not its node, which the view of the page refers to.
    if let Some(text) = time.first_child() {
        text.set_node_value(Some(&relative(read(&at), read(&now), age)));
    }
    let _ = time.set_attribute("title", &zoned(read(&at), offset));
}

/// Shows every `<time>` of the page as [`localize`] does: after its HTML was inserted, and again as time passes.
#[cfg(feature = "hydrate")]
pub fn localize_all() {
    use wasm_bindgen::JsCast;

    let Ok(times) = leptos::prelude::document().query_selector_all("time") else { return };
    for time in (0..times.length()).filter_map(|at| times.get(at)?.dyn_into::<web_sys::Element>().ok()) {
        localize(&time);
    }
}

/// Formats `then`, `age` seconds before `now`: `5 min ago` within an hour, then `today 09:31`, `12 Nov 09:31` and
/// `12 Nov 2025 09:31`. A few seconds in the future are `just now`: the clocks of server and browser differ.
#[cfg_attr(not(any(feature = "hydrate", test)), allow(dead_code))]
fn relative(then: Parts, now: Parts, age: i64) -> String {
    match age {
        -59..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", age / 60),
        _ if (then.year, then.month, then.day) == (now.year, now.month, now.day) => format!("today {}", then.time()),
        _ if then.year == now.year => format!("{} {}", then.day_and_month(), then.time()),
        _ => format!("{} {}", then.date(), then.time()),
    }
}

/// `21 Nov 2026, 09:31:07 UTC+05:30`, from the local time and the minutes that it is ahead of UTC.
#[cfg_attr(not(any(feature = "hydrate", test)), allow(dead_code))]
fn zoned(local: Parts, offset: i64) -> String {
    let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    format!("{}, {}:{:02} UTC{sign}{:02}:{:02}", local.date(), local.time(), local.second, minutes / 60, minutes % 60)
}

/// Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar. Howard Hinnant's
/// `civil_from_days` (<https://howardhinnant.github.io/date_algorithms.html>): years begin in March, so that the leap
/// day is the last of its year; 400 years are one era of 146,097 days.
fn civil(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or_default(), u32::try_from(day).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_formatted_in_utc() {
        let cases = [
            (0, "1 Jan 1970, 00:00 UTC", "1970-01-01T00:00:00Z"),
            (1_795_253_467_999, "21 Nov 2026, 09:31 UTC", "2026-11-21T09:31:07Z"),
            (951_782_400_000, "29 Feb 2000, 00:00 UTC", "2000-02-29T00:00:00Z"),
            (4_107_542_399_000, "28 Feb 2100, 23:59 UTC", "2100-02-28T23:59:59Z"),
            (-1, "31 Dec 1969, 23:59 UTC", "1969-12-31T23:59:59Z"),
        ];
        for (at, words, machine) in cases {
            assert_eq!((utc(Timestamp(at)).as_str(), iso(Timestamp(at)).as_str()), (words, machine));
        }
    }

    #[test]
    fn the_format_depends_on_the_age() {
        let now = Parts::utc(Timestamp(1_795_253_467_999));
        let said = |then: Parts, age: i64| relative(then, now, age);
        assert_eq!(said(now, 59), "just now");
        assert_eq!(said(now, -59), "just now");
        assert_eq!(said(now, 60), "1 min ago");
        assert_eq!(said(Parts { day: 20, ..now }, 3_599), "59 min ago");
        assert_eq!(said(now, 3_600), "today 09:31");
        assert_eq!(said(now, -60), "today 09:31");
        assert_eq!(said(Parts { day: 12, ..now }, 777_600), "12 Nov 09:31");
        assert_eq!(said(Parts { year: 2025, ..now }, 31_536_000), "21 Nov 2025 09:31");
    }

    #[test]
    fn the_whole_time_names_its_zone() {
        let local = Parts::utc(Timestamp(1_795_253_467_999));
        for (offset, zone) in [(0, "+00:00"), (60, "+01:00"), (330, "+05:30"), (-210, "-03:30")] {
            assert_eq!(zoned(local, offset), format!("21 Nov 2026, 09:31:07 UTC{zone}"));
        }
    }
}
