//! The cluster's clock: follows the wall clock, can run faster for tests, or stand still until it is advanced.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

/// Returns the simulated time and sleeps until a simulated time.
#[derive(Debug)]
pub struct Clock {
    begun: Instant,
    base: Timestamp,
    speed: f64,
    stepped: watch::Sender<Duration>,
}

impl Clock {
    /// A clock that starts at `base` and runs `speed` times as fast as the wall clock (clamped to 0.01 to 1,000); at
    /// speed 0 it stands still.
    pub fn new(base: Timestamp, speed: f64) -> Clock {
        let speed = match speed {
            0.0 => 0.0,
            speed if speed.is_finite() => speed.clamp(0.01, 1_000.0),
            _ => 1.0,
        };
        Clock { begun: Instant::now(), base, speed, stepped: watch::channel(Duration::ZERO).0 }
    }

    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        let run = self.begun.elapsed().mul_f64(self.speed) + *self.stepped.borrow();
        self.base.checked_add(SignedDuration::try_from(run).unwrap_or(SignedDuration::ZERO)).unwrap_or(Timestamp::MAX)
    }

    /// Advances the clock and wakes all sleepers.
    pub fn step(&self, by: Duration) {
        self.stepped.send_modify(|total| *total += by);
    }

    /// Returns once the simulated time is `due` or later.
    pub async fn sleep_until(&self, due: Timestamp) {
        let mut stepped = self.stepped.subscribe();
        loop {
            stepped.mark_unchanged();
            let left = Duration::try_from(due.duration_since(self.now())).unwrap_or(Duration::ZERO);
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = self.run_for(left) => {}
                // The sender lives in `self`, so an error cannot occur; it would only repeat the loop.
                _ = stepped.changed() => {}
            }
        }
    }

    /// Sleeps for so much simulated time, if nobody advances the clock.
    async fn run_for(&self, time: Duration) {
        if self.speed == 0.0 {
            return std::future::pending().await;
        }
        tokio::time::sleep(time.div_f64(self.speed) + Duration::from_micros(100)).await;
    }
}

/// `2026-11-21T09:31:07Z`: the format of metav1.Time.
pub fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-21T09:31:07.123Z`: the time format of the runners' log lines.
pub fn millis(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `2026-11-21T09:31:07.123000000Z`: the time format of the kubelet's log lines.
pub fn nanos(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%9fZ").to_string()
}

/// Parses any of these formats; `None` for anything else.
pub fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_step_wakes_sleepers_at_once() {
        for speed in [0.0, 1.0] {
            wakes(Clock::new(Timestamp::UNIX_EPOCH, speed)).await;
        }
    }

    async fn wakes(clock: Clock) {
        let due = Timestamp::from_second(3_600).unwrap();
        let sleeper = clock.sleep_until(due);
        let stepper = async {
            tokio::task::yield_now().await;
            clock.step(Duration::from_secs(3_601));
        };
        tokio::time::timeout(Duration::from_secs(5), async { tokio::join!(sleeper, stepper) }).await.unwrap();
        assert!(clock.now() >= due);
    }

    #[test]
    fn times_are_formatted_as_in_kubernetes() {
        let at = Timestamp::from_microsecond(1_500_000_000_123_456).unwrap();
        assert_eq!(seconds(at), "2017-07-14T02:40:00Z");
        assert_eq!(millis(at), "2017-07-14T02:40:00.123Z");
        assert_eq!(nanos(at), "2017-07-14T02:40:00.123456000Z");
        assert_eq!(parse("2017-07-14T02:40:00Z"), Timestamp::from_second(1_500_000_000).ok());
    }
}
