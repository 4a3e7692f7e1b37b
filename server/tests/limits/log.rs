//! The log never blocks the console: neither without a reader nor on a full disk.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::console::{Console, Start};
use crate::version::{self, status, until};

/// Log level at which every request writes a line.
const LOUD: [&str; 2] = ["--log", "debug"];

/// Uses the console; every step is logged.
fn works(console: &Console) {
    let cookie = console.sign_in();
    version::add(console, &cookie, "v1");
    assert_eq!(status(console.get("/runtimes", &cookie)), 200);
    assert_eq!(version::take(console, &cookie, "v1", "start"), 303);
    until("the version is started", || version::recorded(console, "v1") == "started");
    assert_eq!(status(console.get("/readyz", "")), 200);
}

#[test]
fn a_closed_log_blocks_no_request() {
    works(&Console::start_with(Start { options: &LOUD, before: "exec 2>&-", ..Start::default() }));
}

#[test]
fn a_log_without_a_reader_blocks_no_request() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    works(&Console::start_with(Start { options: &LOUD, stderr: Stdio::from(writer), ..Start::default() }));
}

#[test]
fn a_log_with_a_stuck_reader_blocks_no_request() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let console = Console::start_with(Start { options: &LOUD, stderr: Stdio::from(writer), ..Start::default() });
    works(&console);
    // More than the pipe and the console's queue can hold.
    for _ in 0..1_000 {
        let path = format!("/{}", "x".repeat(2_000));
        assert_eq!(status(console.get(&path, "")), 404);
    }
    // When the reader continues, the log continues and reports lost lines.
    let mut reader = std::io::BufReader::new(reader);
    let (mut lost, begin) = (String::new(), Instant::now());
    while !lost.contains("log lines were lost") {
        assert!(begin.elapsed() < version::TIMEOUT, "no lost lines are reported");
        lost.clear();
        assert!(std::io::BufRead::read_line(&mut reader, &mut lost).expect("a line") > 0, "the log ended");
        if reader.buffer().is_empty() {
            let _ = console.get("/healthz", "");
        }
    }
}

#[test]
fn a_log_on_a_full_disk_blocks_no_request() {
    let Some(disk) = Disk::for_test("log on a full disk") else { return };
    let log = File::create(disk.0.path().join("log")).expect("a file");
    disk.fill();
    works(&Console::start_with(Start { options: &LOUD, stderr: Stdio::from(log), ..Start::default() }));
}

/// A small separate disk; unmounted when dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Result<Disk, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "limits"]).arg(folder.path()).output();
        match mounted {
            Ok(done) if done.status.success() => Ok(Disk(folder)),
            Ok(done) => Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A disk, or `None` where the test is skipped.
    fn for_test(test: &str) -> Option<Disk> {
        let skip = |why| testing::skip(test, &format!("no small disk can be mounted here, which takes root: {why}"));
        Disk::new().map_err(skip).ok()
    }

    /// Fills the disk completely, as other programs may.
    fn fill(&self) {
        let mut file = File::create(self.0.path().join("filler")).expect("a file");
        let written = std::io::copy(&mut std::io::repeat(b'x').take(64 * 1024 * 1024), &mut file);
        assert_eq!(written.expect_err("it is not full").kind(), std::io::ErrorKind::StorageFull);
    }

    fn free(&self) {
        std::fs::remove_file(self.0.path().join("filler")).expect("the filler");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn work_blocked_by_a_full_disk_continues_once_space_is_free() {
    let Some(disk) = Disk::for_test("full disk") else { return };
    let log = tempfile::NamedTempFile::new().expect("a file");
    let console = Console::start_with(Start {
        data: Some(disk.0.path().join("data")),
        stderr: Stdio::from(log.reopen().expect("the file")),
        ..Start::default()
    });
    let cookie = console.sign_in();
    version::add(&console, &cookie, "v1");
    // The start takes long enough that the disk is full before it completes.
    assert_eq!(version::take(&console, &cookie, "v1", "start"), 303);
    disk.fill();
    for _ in 0..10 {
        assert_eq!(status(console.get("/runtimes", &cookie)), 200);
        assert_eq!(status(console.get(&format!("/runtimes/{}/versions/v1", version::RUNTIME), &cookie)), 200);
    }
    until("/readyz fails", || status(console.get("/readyz", "")) == 503);
    until("some passes failed", || {
        let written = std::fs::read_to_string(log.path()).expect("the log");
        written.matches("the pass failed; retrying").count() >= 3
    });
    assert_eq!(status(console.get("/runtimes", &cookie)), 200);
    assert_ne!(version::recorded(&console, "v1"), "started", "recorded on a full disk");

    disk.free();
    until("the version is started", || version::recorded(&console, "v1") == "started");
    until("/readyz succeeds", || status(console.get("/readyz", "")) == 200);
}
