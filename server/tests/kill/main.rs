//! Kills the console with SIGKILL after every single write to its store or the cluster during start, stop, publish and
//! unpublish, while the cluster keeps running as its own process. Restarted on the same files, the console finishes the
//! action, with exactly one audit entry for it.
//!
//! Each test takes a version through a cycle of actions. In round n, every console dies after its n-th write. The
//! rounds end when no console dies any more, so that each write was the last one once.

mod http;
mod package;
mod process;
mod records;

use std::time::Duration;

use process::{Cluster, Console};
use records::Records;

const RUNTIME: &str = "kill";
const NAMESPACE: &str = "kre-kill";

/// Timeout of an action that is not killed: more than the reconciler's longest pause after an error.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Upper bound of the writes that an action needs.
const MOST_WRITES: u32 = 120;

/// One action of the cycle, and its result.
struct Step {
    version: &'static str,
    action: &'static str,
    /// Desired and recorded state at the end.
    ends: &'static str,
    /// Kind of the system's audit entry when the desired state is reached.
    observed: &'static str,
}

const fn step(version: &'static str, action: &'static str, ends: &'static str, observed: &'static str) -> Step {
    Step { version, action, ends, observed }
}

#[test]
fn start_and_stop_are_finished_after_a_kill_at_any_write() {
    let bench = Bench::new(&["one"]);
    bench.walk(&[step("one", "start", "started started", "ready"), step("one", "stop", "stopped stopped", "gone")]);
}

#[test]
fn publish_and_unpublish_are_finished_after_a_kill_at_any_write() {
    let bench = Bench::new(&["one"]);
    bench.calmly(&step("one", "start", "started started", "ready"));
    bench.walk(&[
        step("one", "publish", "published published", "switched"),
        step("one", "unpublish", "started started", "withdrawn"),
    ]);
}

#[test]
fn a_version_that_replaces_another_is_published_after_a_kill_at_any_write() {
    let bench = Bench::new(&["one", "two"]);
    bench.calmly(&step("one", "start", "started started", "ready"));
    bench.calmly(&step("two", "start", "started started", "ready"));
    bench.calmly(&step("one", "publish", "published published", "switched"));
    bench.walk(&[
        step("two", "publish", "published published", "switched"),
        step("one", "publish", "published published", "switched"),
    ]);
}

/// A cluster that keeps running, and the files of the consoles that are killed.
struct Bench {
    cluster: Cluster,
    folder: tempfile::TempDir,
    cookie: String,
    records: Records,
}

impl Bench {
    fn new(versions: &[&str]) -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let cluster = Cluster::start(folder.path());
        let console = Console::start(folder.path(), None).expect("a console without a limit starts");
        let cookie = console.sign_in();
        let fields = [
            ("id", RUNTIME),
            ("name", "Kill"),
            ("description", ""),
            ("namespace", NAMESPACE),
            ("idempotency_key", "r"),
        ];
        assert_eq!(console.post("/runtimes/new", &cookie, &fields), Some(303));
        for version in versions {
            let answer = console.upload(&format!("/runtimes/{RUNTIME}/new-version"), &cookie, version);
            assert_eq!(answer, Some(201), "upload of {version}");
        }
        let records = Records::open(folder.path());
        Bench { cluster, folder, cookie, records }
    }

    /// Takes an action without killing the console.
    fn calmly(&self, step: &Step) {
        let console = Console::start(self.folder.path(), None).expect("a console without a limit starts");
        let reason = format!("calmly {} {}", step.action, step.version);
        assert_eq!(self.take(&console, step, &reason), Some(303), "{reason}");
        self.wait(step, &reason, || false);
        self.check(step, &reason);
    }

    /// Repeats the cycle as often as the test effort says, since concurrent work interleaves differently with the writes
    /// each time.
    fn walk(&self, circle: &[Step]) {
        for round in 0..testing::effort() {
            self.walk_once(circle, round);
        }
    }

    fn walk_once(&self, circle: &[Step], round: u32) {
        for writes in 1..MOST_WRITES {
            let died = circle.iter().map(|step| self.disturbed(step, writes, round)).filter(|died| *died).count();
            if died == 0 {
                assert!(writes > 3, "nothing was killed: is the feature `fail-points` on?");
                println!("killed at each of the first {} writes", writes - 1);
                return;
            }
        }
        panic!("still killed after {MOST_WRITES} writes: does something write repeatedly?");
    }

    /// Takes an action on a console that dies after this many writes, and finishes it on a second console. Returns
    /// whether the first one died.
    fn disturbed(&self, step: &Step, writes: u32, round: u32) -> bool {
        let reason = format!("{} {} killed at write {writes} of round {round}", step.action, step.version);
        if let Some(console) = Console::start(self.folder.path(), Some(writes)) {
            self.take(&console, step, &reason);
            if self.wait(step, &reason, || console.is_dead()) {
                self.check(step, &reason);
                return console.is_dead();
            }
        }
        let console = Console::start(self.folder.path(), None).expect("a console without a limit starts");
        if self.records.entries(step.action, &reason).is_empty() {
            // The console died before it took the action; the client sends the form again.
            assert_eq!(self.take(&console, step, &reason), Some(303), "{reason}");
        } else {
            // The console took the action but did not respond; sending the same form again must not take it twice.
            self.take(&console, step, &reason);
        }
        self.wait(step, &reason, || false);
        self.check(step, &reason);
        true
    }

    /// Sends the form of an action. The idempotency key is derived from the reason, which is unique per action.
    fn take(&self, console: &Console, step: &Step, reason: &str) -> Option<u16> {
        let path = format!("/runtimes/{RUNTIME}/versions/{}/actions/{}", step.version, step.action);
        console.post(&path, &self.cookie, &[("reason", reason), ("idempotency_key", &reason.replace(' ', "-"))])
    }

    /// Waits for the end of the action. Returns `false` when `give_up` returned true first.
    fn wait(&self, step: &Step, reason: &str, give_up: impl Fn() -> bool) -> bool {
        let mut last = None;
        let ended = testing::within(TIMEOUT, || {
            let taken = !self.records.entries(step.action, reason).is_empty();
            let state = self.records.state(step.version);
            let ended = taken && state == step.ends;
            last = Some((taken, state));
            (ended || give_up()).then_some(ended)
        });
        ended.unwrap_or_else(|| panic!("{reason}: waited {TIMEOUT:?} in vain: {last:?} (taken, state)"))
    }

    /// Checks one audit entry of the user, one of the system that it caused, and the state of the cluster.
    fn check(&self, step: &Step, reason: &str) {
        let entries = self.records.entries(step.action, reason);
        assert_eq!(entries.len(), 1, "{reason}: audit entries of the action");
        let caused = self.records.caused_by(entries[0], step.version);
        assert_eq!(caused, [step.observed], "{reason}: audit entries of the system");
        match step.action {
            "stop" => assert_eq!(self.cluster.deployments(NAMESPACE), 0, "{reason}: Deployments left"),
            "publish" => {
                let selected = self.cluster.public_version(NAMESPACE);
                assert_eq!(selected.as_deref(), Some(step.version), "{reason}: the version behind active-entrypoint");
            }
            "unpublish" => assert_eq!(self.cluster.public_version(NAMESPACE), None, "{reason}: active-entrypoint"),
            _ => {}
        }
    }
}
