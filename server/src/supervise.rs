//! What works in the background is started again when it ends or panics, and `/readyz` can say what is down.
//!
//! Tasks are named by kinds, not by what they work on: the names are shown to whoever asks.

use std::collections::VecDeque;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;

/// Ends that are remembered for so long: who ended again and again within it is down, also while it happens to run.
const RECENT: Duration = Duration::from_secs(60);

/// As many ends within [`RECENT`] are "again and again".
const TOO_MANY: usize = 3;

/// Whoever ran for so long is started again without a long wait.
const STEADY: Duration = Duration::from_secs(60);

/// All that works in the background; clones share it.
#[derive(Clone, Default)]
pub struct Supervisor(Arc<Inner>);

#[derive(Default)]
struct Inner {
    tasks: Mutex<Vec<Arc<Task>>>,
    others: Mutex<Vec<Probe>>,
}

type Probe = Box<dyn Fn() -> Option<String> + Send + Sync>;

/// One task, as long as somebody keeps it.
struct Task {
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_waiting: bool,
    /// How often it was started again.
    restarts: u64,
    /// When it ended, the last [`TOO_MANY`] times.
    ends: VecDeque<Instant>,
}

/// A kind of task that is down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Down {
    pub name: String,
    /// How often it was started again since the process began.
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
    /// Runs what should never end, again and again. Dropping this future ends it.
    pub async fn forever<W: Future<Output = ()>>(&self, name: &'static str, start: impl FnMut() -> W) {
        self.keep(name, start, || false, std::future::pending()).await
    }

    /// Runs what should only end at `stop`; whatever it still does then is waited for.
    pub async fn until<W: Future<Output = ()>>(
        &self,
        stop: &CancellationToken,
        name: &'static str,
        start: impl FnMut() -> W,
    ) {
        self.keep(name, start, || stop.is_cancelled(), stop.cancelled()).await
    }

    /// Runs what ends when it has done its work; only a panic has it started again.
    pub async fn until_done<W: Future<Output = ()>>(&self, name: &'static str, start: impl FnMut() -> W) {
        self.keep(name, start, || true, std::future::pending()).await
    }

    /// Takes care of something that supervises itself: the probe says what is wrong with it.
    pub fn also(&self, probe: impl Fn() -> Option<String> + Send + Sync + 'static) {
        lock(&self.0.others).push(Box::new(probe));
    }

    /// What is down now, by kind and in no order that means anything.
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

    /// Goes on until the work ends when it `may_end`, or until `stopped` while it waits to be started again.
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
            // What a panic left half done is not looked at again: the work is made anew each time.
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
            tracing::error!(task = name, restarts, ?wait, "work in the background {how}; it is started again");
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
    /// How often it was started again before.
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
    async fn a_task_that_panics_or_ends_is_started_again_counted_and_named() {
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
    async fn a_task_that_ends_again_and_again_is_down_until_it_has_run_for_a_minute() {
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
    async fn a_task_that_has_done_its_work_is_not_missed() {
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
    fn what_supervises_itself_is_named_too() {
        let supervisor = Supervisor::default();
        supervisor.also(|| Some("embedded cluster".to_owned()));
        supervisor.also(|| None);
        assert_eq!(names(&supervisor), ["embedded cluster"]);
    }
}
