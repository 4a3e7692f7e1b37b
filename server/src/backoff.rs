//! Exponential backoff after errors, with jitter so that many clients do not retry at the same time.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Longest wait after the first error.
const FIRST: Duration = Duration::from_millis(200);
/// Longest wait of all: a cluster that is reachable again is noticed within this time, even without a watch event.
const LONGEST: Duration = Duration::from_secs(30);

/// Grows with each failure in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns the next wait: between half of its step and the full step.
    pub fn next(&mut self) -> Duration {
        let step = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures += 1;
        // Every RandomState has its own keys: random enough for jitter.
        let random = RandomState::new().hash_one(self.failures) as u32;
        step / 2 + (step / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
    }

    /// Call after a success: the next wait is as short as the first one.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_restart_after_a_success() {
        let mut backoff = Backoff::default();
        assert!((FIRST / 2..=FIRST).contains(&backoff.next()));
        for _ in 0..40 {
            backoff.next();
        }
        assert!((LONGEST / 2..=LONGEST).contains(&backoff.next()));
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
