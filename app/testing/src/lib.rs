//! What the tests of all crates share: how much to try, how to wait, how to say that something was skipped.

use std::io::Write;
use std::time::{Duration, Instant};

/// How long a test waits before it fails: far longer than anything takes on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How many cases a property test tries: `usual`, times `KRT_CONSOLE_TEST_EFFORT` where that is set (`make nightly`).
///
/// # Panics
/// When the variable is not a number.
pub fn cases(usual: u32) -> u32 {
    usual.saturating_mul(effort())
}

/// How many times as much as usual is to be tried.
///
/// # Panics
/// When `KRT_CONSOLE_TEST_EFFORT` is not a number.
pub fn effort() -> u32 {
    std::env::var("KRT_CONSOLE_TEST_EFFORT")
        .ok()
        .filter(|value| !value.is_empty())
        .map_or(1, |value| value.parse().expect("KRT_CONSOLE_TEST_EFFORT is a number"))
}

/// Says that a test was not run, and why: past the harness, which shows nothing of a green test, and into the file that
/// `KRT_CONSOLE_SKIPS` names, whose lines the end of `make test` counts.
///
/// # Panics
/// When the file cannot be written.
pub fn skip(test: &str, reason: &str) {
    let line = format!("skipped: {test}: {reason}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(file) = std::env::var_os("KRT_CONSOLE_SKIPS") {
        let mut file =
            std::fs::OpenOptions::new().create(true).append(true).open(file).expect("the file of skips opens");
        // One write, so that lines of tests that run beside each other do not mix.
        file.write_all(line.as_bytes()).expect("the file of skips is written");
    }
}

/// [`skip`] for what `.ci/run` installs.
///
/// # Panics
/// When `CI` is set: there, it should have been at hand.
pub fn skip_outside_ci(test: &str, reason: &str) {
    let on_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    assert!(!on_ci, "{test} has to run here, but {reason}");
    skip(test, reason);
}

/// Waits until `look` finds something.
///
/// # Panics
/// After `deadline`, saying what it waited for.
#[track_caller]
pub fn eventually<T>(what: &str, deadline: Duration, look: impl FnMut() -> Option<T>) -> T {
    let Some(found) = within(deadline, look) else { panic!("waited {deadline:?} in vain: {what}") };
    found
}

/// The same where looking is asynchronous. A paused clock of tokio's makes it look without waiting.
///
/// # Panics
/// After `deadline`, saying what it waited for.
pub async fn eventually_async<T>(what: &str, deadline: Duration, look: impl AsyncFnMut() -> Option<T>) -> T {
    let Some(found) = within_async(deadline, look).await else { panic!("waited {deadline:?} in vain: {what}") };
    found
}

/// Waits until `look` finds something: [`eventually`] for those who have more to say when it does not. Returns `None`
/// after `deadline`.
pub fn within<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        let found = look();
        if found.is_some() || begun.elapsed() >= deadline {
            return found;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// [`within`] where looking is asynchronous.
pub async fn within_async<T>(deadline: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let begun = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        let found = look().await;
        if found.is_some() || begun.elapsed() >= deadline {
            return found;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_until_it_is_there() {
        let mut looks = 0;
        let found = eventually("five looks", DEADLINE, || {
            looks += 1;
            (looks == 5).then_some(looks)
        });
        assert_eq!(found, 5);
    }

    #[test]
    #[should_panic(expected = "waited 5ms in vain: nothing")]
    fn says_what_it_waited_for() {
        eventually::<()>("nothing", Duration::from_millis(5), || None);
    }

    #[tokio::test]
    #[should_panic(expected = "in vain: nothing")]
    async fn does_not_wait_for_ever() {
        eventually_async::<()>("nothing", Duration::from_millis(5), async || None).await;
    }
}
