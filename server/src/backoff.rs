//! How long to wait after an error: twice as long each time, with jitter, so that many do not come back at once.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// After the first error.
const FIRST: Duration = Duration::from_millis(200);
/// At most; a cluster that is back is found within this time, also when no watch says so.
const LONGEST: Duration = Duration::from_secs(30);

/// Grows with each failure in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait: between half of its step and the whole of it.
    pub fn next(&mut self) -> Duration {
        let step = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        self.failures += 1;
        // Every RandomState has keys of its own: random enough for jitter.
        let random = RandomState::new().hash_one(self.failures) as u32;
        step / 2 + (step / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
    }

    /// Something worked: the next wait is the first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_begin_anew_after_a_success() {
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
