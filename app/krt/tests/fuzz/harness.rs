//! Tries inputs on a target until its time is up, and says what it found.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Once};
use std::time::{Duration, Instant};

use crate::minimize::minimized;
use crate::random::Random;

/// How long one input may take: far more than any does without optimization.
const LONGEST: Duration = Duration::from_secs(20);
/// Inputs of a run without a time, besides the seeds.
const USUAL: u32 = 150;

pub struct Target {
    pub name: &'static str,
    pub seeds: Vec<Vec<u8>>,
    pub mutate: fn(&mut Vec<u8>, &[u8], &mut Random),
    /// Maximum size of an input, in bytes.
    pub longest: usize,
    pub body: fn(&[u8]),
}

/// An input on which the body panics.
pub struct Found {
    pub seed: u64,
    pub input: Vec<u8>,
    pub words: String,
}

impl Target {
    /// Tries the seeds, then inputs made from them.
    ///
    /// # Panics
    /// With the minimized input and its seed, when one fails or takes too long.
    pub fn run(self) {
        if !cfg!(debug_assertions) {
            panic!("the readers of manifests are compared with each other in builds with debug assertions only");
        }
        let time = number("KRT_CONSOLE_FUZZ_SECONDS").map(Duration::from_secs);
        let first = number("KRT_CONSOLE_FUZZ_SEED");
        for (number, seed) in self.seeds.iter().enumerate().filter(|_| first.is_none()) {
            if let Err(words) = self.attempt(seed) {
                self.fail(&format!("seed {number}, unchanged"), seed, &words);
            }
        }
        let first = first.unwrap_or_else(|| RandomState::new().hash_one(self.name) >> 16);
        let most = time.map_or(u64::from(testing::cases(USUAL)), |_| u64::MAX);
        // In a thread of its own, so that an input that never ends is noticed.
        let (target, at, (done, ends)) = (Arc::new(self), Arc::new(AtomicU64::new(first)), channel());
        let (searching, progress) = (target.clone(), at.clone());
        std::thread::spawn(move || done.send(searching.search_noting(first, most, time, &progress)));
        loop {
            let before = at.load(Ordering::Relaxed);
            match ends.recv_timeout(LONGEST) {
                Ok(Ok(inputs)) => return println!("{}: {inputs} inputs from seed {first}, nothing found", target.name),
                Ok(Err(found)) => {
                    target.fail(&format!("KRT_CONSOLE_FUZZ_SEED={}", found.seed), &found.input, &found.words)
                }
                Err(RecvTimeoutError::Disconnected) => panic!("{}: the search itself panicked", target.name),
                Err(RecvTimeoutError::Timeout) if at.load(Ordering::Relaxed) == before => {
                    let input = target.input(before);
                    target.fail(
                        &format!("KRT_CONSOLE_FUZZ_SEED={before}"),
                        &input,
                        &format!("takes longer than {LONGEST:?}"),
                    );
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Tries up to `most` inputs. Returns how many, or the first that fails, minimized.
    pub fn search(&self, first: u64, most: u64, time: Option<Duration>) -> Result<u64, Found> {
        self.search_noting(first, most, time, &AtomicU64::new(0))
    }

    fn search_noting(&self, first: u64, most: u64, time: Option<Duration>, at: &AtomicU64) -> Result<u64, Found> {
        let begun = Instant::now();
        let mut tried = 0;
        while tried < most && time.is_none_or(|time| begun.elapsed() < time) {
            let seed = first.wrapping_add(tried);
            at.store(seed, Ordering::Relaxed);
            let input = self.input(seed);
            if let Err(words) = self.attempt(&input) {
                let input = minimized(&input, |input| {
                    at.fetch_add(1, Ordering::Relaxed);
                    self.attempt(input).is_err()
                });
                return Err(Found { seed, words: self.attempt(&input).err().unwrap_or(words), input });
            }
            tried += 1;
        }
        Ok(tried)
    }

    /// The input that a seed makes.
    fn input(&self, seed: u64) -> Vec<u8> {
        let mut random = Random::new(seed);
        let mut one = || &self.seeds[random.below(self.seeds.len())];
        let (mut input, other) = (one().clone(), one());
        (self.mutate)(&mut input, other, &mut random);
        input.truncate(self.longest);
        input
    }

    /// Runs the body. Returns what it panics with.
    fn attempt(&self, input: &[u8]) -> Result<(), String> {
        be_quiet_here(true);
        let ended = panic::catch_unwind(AssertUnwindSafe(|| (self.body)(input)));
        be_quiet_here(false);
        ended.map_err(|cause| {
            let words = cause.downcast_ref::<String>().cloned();
            words.or_else(|| cause.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap_or_default()
        })
    }

    fn fail(&self, made_by: &str, input: &[u8], words: &str) -> ! {
        let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}", self.name));
        std::fs::write(&file, input).expect("the input is written");
        let shown = input.escape_ascii().to_string();
        panic!("{} ({made_by}): {words}\ninput, also in {}:\n{shown:.4000}", self.name, file.display());
    }
}

/// The number in an environment variable; `None` if it is empty or not set.
fn number(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is not a number: {value}")))
}

thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });

/// Keeps the panics that are caught here out of the output, of which minimizing causes thousands.
fn be_quiet_here(quiet: bool) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info)
            }
        }));
    });
    QUIET.set(quiet);
}
