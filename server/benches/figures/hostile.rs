//! The cost of hostile files until they are refused: time and peak memory of the command line.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tar::{EntryType, Header};

const MIB: usize = 1024 * 1024;

/// For each hostile file, by name: bytes, milliseconds, and peak memory in bytes above the file's own size.
pub fn figures(program: &Path) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let files: [(&str, &str, Vec<u8>); 8] = [
        ("bomb_of_zeros", "krt", gzip(&[header(b"zeros", 2 << 30), vec![0; 300 * MIB]].concat())),
        ("bomb_in_a_bomb", "krt", gzip(&gzip(&vec![0; 300 * MIB]))),
        (
            "many_members",
            "krt",
            gzip(&(0..200_000).flat_map(|n| header(format!("f{n}").as_bytes(), 0)).collect::<Vec<_>>()),
        ),
        ("long_names", "krt", gzip(&long_names())),
        ("lying_size", "krt", gzip(&header(b"huge", 0o77_777_777_777))),
        ("alias_bomb", "yml", aliases().into_bytes()),
        ("deep_brackets", "yml", "[".repeat(2 * MIB - 1).into_bytes()),
        (
            "many_problems",
            "yml",
            (0..60_000).map(|n| format!("unknown-{n}: [x, y]\n")).collect::<String>().into_bytes(),
        ),
    ];
    let figures = files.into_iter().map(|(name, ending, bytes)| {
        let file = folder.path().join(format!("{name}.{ending}"));
        std::fs::write(&file, &bytes).expect("a file");
        let (time, peak) = refused(program, &file);
        let above = peak.saturating_sub(bytes.len() as u64);
        (name.to_owned(), json!({"bytes": bytes.len(), "ms": time.as_millis() as u64, "memory_above_bytes": above}))
    });
    Value::Object(figures.collect())
}

/// Time and peak memory of a check, which must refuse the file.
fn refused(program: &Path, file: &Path) -> (Duration, u64) {
    let begin = Instant::now();
    let mut process = Command::new(program)
        .args(["validate", "--format", "json"])
        .arg(file)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut peak = 0;
    let status = loop {
        peak = peak.max(high_water(process.id()));
        if let Some(status) = process.try_wait().expect("a child of ours") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(status.code(), Some(1), "{} was not refused", file.display());
    (begin.elapsed(), peak)
}

/// `VmHWM` of Linux, in bytes; 0 elsewhere, and once the process has ended.
fn high_water(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or_default() * 1_024
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a Vec takes all")
}

/// A tar header of a file, whatever follows.
fn header(path: &[u8], size: u64) -> Vec<u8> {
    header_of(path, EntryType::Regular, size)
}

fn header_of(path: &[u8], kind: EntryType, size: u64) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// Ten thousand members with names of 60 KiB each.
fn long_names() -> Vec<u8> {
    let name = vec![b'x'; 60 * 1024];
    let one = [header_of(b"././@LongLink", EntryType::GNULongName, name.len() as u64), name, header(b"x", 0)].concat();
    one.repeat(2_000)
}

fn aliases() -> String {
    let line = |n: usize| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned() + &(1..30).map(line).collect::<String>()
}
