//! Restarts background tasks that end or panic, and reports to `/readyz` which ones are down.
//!
//! Task names say the kind of a task and not what it works on, because anyone can read them at `/readyz`.

use std::collections::VecDeque;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;

/// Window for counting ends: a task that ended [`TOO_MANY`] times within it counts as down, even while it runs.
const RECENT: Duration = Duration::from_secs(60);

/// Number of ends within [`RECENT`] from which a task counts as down.
const TOO_MANY: usize = 3;

/// A task that ran for this long is restarted without a long wait.
const STEADY: Duration = Duration::from_secs(60);

/// The registry of background tasks; clones share it.
#[derive(Clone, Default)]
pub struct Supervisor(Arc<Inner>);

#[derive(Default)]
struct Inner {
    tasks: Mutex<Vec<Arc<Task>>>,
    others: Mutex<Vec<Probe>>,
}

type Probe = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// A task that is being supervised.
struct Task {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_waiting: bool,
    /// Number of restarts.
    restarts: u64,
    /// The last [`TOO_MANY`] times when the task ended.
    ends: VecDeque<Instant>,
}

/// A kind of task that is down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Down {
    pub name: String,
    /// Number of restarts since the process started.
    pub restarts: u64,
}

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.restarts {
            0 => f.write_str(&self.name),
            1 => write!(f, "{} (restarted once)", self.name),
            restarts => write!(f, "{} (restarted {restarts} times)", self.name),
        }
    }
}

impl Supervisor {
    /// Runs a task that should never end, and restarts it when it does. Dropping this future ends the task.
    pub async fn forever<W: Future<Output = ()>>(&self, name: &'static str, start: impl FnMut() -> W) {
        self.keep(name, start, || false, std::future::pending()).await
    }

    /// Runs a task that should end only at `stop`. Waits for the task to finish then.
    pub async fn until<W: Future<Output = ()>>(
        &self,
        stop: &CancellationToken,
        name: &'static str,
        start: impl FnMut() -> W,
    ) {
        self.keep(name, start, || stop.is_cancelled(), stop.cancelled()).await
    }

    /// Runs a task that ends when its work is done; only a panic restarts it.
    pub async fn until_done<W: Future<Output = ()>>(&self, name: &'static str, start: impl FnMut() -> W) {
        self.keep(name, start, || true, std::future::pending()).await
    }

    /// Adds a component that supervises itself. The probe returns its name when it is down.
    pub fn also(&self, probe: impl Fn() -> Option<String> + Send + Sync + 'static) {
        lock(&self.0.others).push(Box::new(probe));
    }

    /// The tasks that are down now, by kind, in no particular order.
    pub fn down(&self) -> Vec<Down> {
        let now = Instant::now();
        let mut down: Vec<Down> = Vec::new();
        for task in lock(&self.0.tasks).iter() {
            let state = task.state();
            if !state.is_down(now) {
                continue;
            }
            match down.iter_mut().find(|one| one.name == task.name) {
                Some(one) => one.restarts += state.restarts,
                None => down.push(Down { name: task.name.to_owned(), restarts: state.restarts }),
            }
        }
        let others = lock(&self.0.others);
        down.extend(others.iter().filter_map(|probe| probe()).map(|name| Down { name, restarts: 0 }));
        down
    }

    /// Restarts the task until it ends while `may_end` is true, or until `stopped` completes during a wait.
    async fn keep<W: Future<Output = ()>>(
        &self,
        name: &'static str,
        mut start: impl FnMut() -> W,
        may_end: impl Fn() -> bool,
        stopped: impl Future<Output = ()>,
    ) {
        let kept = Kept::new(self.clone(), name);
        let mut backoff = Backoff::default();
        let mut stopped = std::pin::pin!(stopped);
        loop {
            let begin = Instant::now();
            // Each run starts with a new future, so a panic leaves no inconsistent state behind.
            let ended = AssertUnwindSafe(async { start().await }).catch_unwind().await;
            if ended.is_ok() && may_end() {
                return;
            }
            if begin.elapsed() >= STEADY {
                backoff.reset();
            }
            let wait = backoff.next();
            let restarts = kept.0.ended();
            let how = if ended.is_ok() { "ended" } else { "panicked" };
            tracing::error!(task = name, restarts, ?wait, "a background task {how}; restarting it");
            tokio::select! {
                () = tokio::time::sleep(wait) => kept.0.begins_again(),
                () = &mut stopped => return,
            }
        }
    }
}

/// Registers a task until it is dropped, also by an abort.
struct Kept(Arc<Task>, Supervisor);

impl Kept {
    fn new(supervisor: Supervisor, name: &'static str) -> Kept {
        let task = Arc::new(Task { name, state: Mutex::default() });
        lock(&supervisor.0.tasks).push(task.clone());
        Kept(task, supervisor)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        lock(&self.1.0.tasks).retain(|task| !Arc::ptr_eq(task, &self.0));
    }
}

impl Task {
    /// Records an end. Returns the number of previous restarts.
    fn ended(&self) -> u64 {
        let mut state = self.state();
        state.is_waiting = true;
        if state.ends.len() == TOO_MANY {
            state.ends.pop_front();
        }
        state.ends.push_back(Instant::now());
        state.restarts
    }

    fn begins_again(&self) {
        let mut state = self.state();
        state.is_waiting = false;
        state.restarts += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn is_down(&self, now: Instant) -> bool {
        self.is_waiting || self.ends.iter().filter(|end| now.duration_since(**end) < RECENT).count() >= TOO_MANY
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn names(supervisor: &Supervisor) -> Vec<String> {
        supervisor.down().iter().map(ToString::to_string).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_or_ends_is_restarted_counted_and_named() {
        let (supervisor, runs) = (Supervisor::default(), Arc::new(AtomicU32::new(0)));
        let (kept, counted) = (supervisor.clone(), runs.clone());
        let task = tokio::spawn(async move {
            let work = || {
                let run = counted.fetch_add(1, Ordering::SeqCst);
                async move {
                    match run {
                        0 => panic!("the first one"),
                        1 => {}
                        _ => std::future::pending().await,
                    }
                }
            };
            kept.forever("announcer", work).await;
        });
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!((runs.load(Ordering::SeqCst), names(&supervisor)), (1, vec!["announcer".to_owned()]));
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!((runs.load(Ordering::SeqCst), names(&supervisor)), (3, vec![]));
        task.abort();
        let _ = task.await;
        assert!(lock(&supervisor.0.tasks).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_ends_repeatedly_is_down_until_it_has_run_for_a_minute() {
        let supervisor = Supervisor::default();
        let (kept, begin) = (supervisor.clone(), Instant::now());
        tokio::spawn(async move {
            let work = || async move {
                if begin.elapsed() > Duration::from_secs(5) {
                    std::future::pending().await
                }
            };
            kept.forever("announcer", work).await;
        });
        tokio::time::sleep(Duration::from_secs(20)).await;
        assert_eq!(supervisor.down().len(), 1);
        tokio::time::sleep(RECENT).await;
        assert_eq!(supervisor.down(), []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_has_done_its_work_is_not_down() {
        let supervisor = Supervisor::default();
        let runs = AtomicU32::new(0);
        let work = || async {
            if runs.fetch_add(1, Ordering::SeqCst) == 0 {
                panic!("the first one");
            }
        };
        supervisor.until_done("renewal", work).await;
        assert_eq!((runs.load(Ordering::SeqCst), supervisor.down()), (2, vec![]));
    }

    #[test]
    fn a_component_that_supervises_itself_is_named_too() {
        let supervisor = Supervisor::default();
        supervisor.also(|| Some("embedded cluster".to_owned()));
        supervisor.also(|| None);
        assert_eq!(names(&supervisor), ["embedded cluster"]);
    }
}
