//! The startup time and the idle memory of a console.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub struct Starts {
    /// From the start of the process to the printed link, which is printed once requests are answered.
    pub milliseconds: Vec<f64>,
    /// Resident memory five seconds after the last start.
    pub idle_memory: u64,
}

/// Starts a console several times on the same data folder.
pub fn starts(program: &Path, rounds: usize) -> Starts {
    let folder = tempfile::tempdir().expect("a folder");
    // The first one creates the database.
    stop(start(program, folder.path()).0);
    let mut milliseconds = Vec::new();
    let mut idle_memory = 0;
    for round in 1..=rounds {
        let (process, time) = start(program, folder.path());
        milliseconds.push(time.as_secs_f64() * 1_000.0);
        if round == rounds {
            std::thread::sleep(Duration::from_secs(5));
            idle_memory = resident(process.id());
        }
        stop(process);
    }
    Starts { milliseconds, idle_memory }
}

fn start(program: &Path, folder: &Path) -> (Child, Duration) {
    let begin = Instant::now();
    let mut process = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "error", "--data"])
        .arg(folder.join("data"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the console starts");
    let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("/sign-in")), "the console printed no sign-in link");
    (process, begin.elapsed())
}

fn stop(mut process: Child) {
    let _ = process.kill();
    let _ = process.wait();
}

/// `VmRSS` of Linux, in bytes; 0 elsewhere.
pub fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kilobytes = line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1_024
}
