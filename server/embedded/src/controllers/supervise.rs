//! Keeps the controllers running: when they panic or end, they are restarted and reconcile every object.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;

use super::rest::Rest;
use crate::store::Store;

/// Delay before the first restart; doubled after each further failure.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Uptime after which the controllers count as recovered.
const STEADY: Duration = Duration::from_secs(10);

/// The state of the controllers; clones share it.
#[derive(Clone, Debug, Default)]
pub struct ControllerSupervisor {
    ends: Arc<Mutex<Ends>>,
    rest: Rest,
}

#[derive(Debug, Default)]
struct Ends {
    total: u64,
    /// Failures since the last steady run.
    in_a_row: u32,
    last: Option<Instant>,
}

impl ControllerSupervisor {
    /// Runs the controllers until the store is closed.
    pub async fn run(self, store: Arc<Store>) {
        loop {
            let begin = Instant::now();
            let ended = AssertUnwindSafe(super::run(store.clone(), &self.rest)).catch_unwind().await;
            if *store.closed().borrow() {
                return;
            }
            let wait = self.ended(begin.elapsed() >= STEADY);
            let how = if ended.is_ok() { "ended" } else { "panicked" };
            tracing::error!(?wait, "the controllers of the embedded cluster {how}; restarting them");
            tokio::time::sleep(wait).await;
        }
    }

    /// What the controllers do next.
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    /// A short description of the failure; `None` while the controllers run steadily.
    pub fn trouble(&self) -> Option<String> {
        let ends = self.ends();
        let down = ends.last.is_some_and(|last| last.elapsed() < wait(ends.in_a_row) + STEADY);
        down.then(|| format!("controllers of the embedded cluster (failures: {})", ends.total))
    }

    /// Records a failure and returns the delay before the restart.
    fn ended(&self, ran_well: bool) -> Duration {
        let mut ends = self.ends();
        ends.in_a_row = if ran_well { 1 } else { ends.in_a_row + 1 };
        ends.total += 1;
        ends.last = Some(Instant::now());
        wait(ends.in_a_row)
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait(in_a_row: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1 << in_a_row.saturating_sub(1).min(16)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn failed_controllers_are_in_trouble_until_they_run_steadily() {
        let supervisor = ControllerSupervisor::default();
        assert_eq!(supervisor.trouble(), None);
        assert_eq!(supervisor.ended(false), FIRST_WAIT);
        assert_eq!(supervisor.ended(false), 2 * FIRST_WAIT);
        assert!(supervisor.trouble().unwrap().contains("failures: 2"));
        tokio::time::sleep(STEADY + 2 * FIRST_WAIT).await;
        assert_eq!(supervisor.trouble(), None);
        assert_eq!(supervisor.ended(true), FIRST_WAIT);
    }
}
