//! Builds valid and invalid packages from bytes for tests.

// Each test crate uses a part.
#![allow(dead_code)]

pub mod examples;

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use krt::package::{Reader, Report};

/// One member: path, tar's type flag, content.
pub struct Member(pub &'static str, pub u8, pub Vec<u8>);

pub fn file(path: &'static str, content: impl Into<Vec<u8>>) -> Member {
    Member(path, b'0', content.into())
}

pub fn folder(path: &'static str) -> Member {
    Member(path, b'5', Vec::new())
}

pub const MANIFEST: &str = "\
version: small-1
krtVersion: v2
description: A small version.
entrypoint: {proto: api.proto, image: konstellation/kre-entrypoint:1.29.0}
workflows:
  - name: small
    entrypoint: Run
    exitpoint: etl
    nodes:
      - name: etl
        image: konstellation/kre-py:1.29.0
        src: src/etl/main.py
        subscriptions: [entrypoint]
";

pub const PROTO: &str = "syntax = \"proto3\"; service S { rpc Run (A) returns (B) {} }";

/// The members of a valid package.
pub fn good() -> Vec<Member> {
    vec![
        file("krt.yml", MANIFEST),
        file("api.proto", PROTO),
        folder("src/"),
        folder("src/etl/"),
        file("src/etl/main.py", "print('hello')\n"),
        file("docs/README.md", "# Small\n"),
        file("metrics/dashboards/models.json", "{\"name\": \"m\", \"cells\": [], \"templates\": [{}]}"),
    ]
}

/// Builds a ustar header with its checksum.
pub fn header(path: &[u8], flag: u8, size: u64) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..path.len()].copy_from_slice(path);
    block[100..108].copy_from_slice(b"0000644\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[156] = flag;
    block[257..265].copy_from_slice(b"ustar\x0000");
    seal(&mut block);
    block
}

/// Writes the checksum of a header.
pub fn seal(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block[..512].iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

/// Builds a header, its content and the padding of the last block.
pub fn entry(path: &[u8], flag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = header(path, flag, content.len() as u64);
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

pub fn tar(members: &[Member]) -> Vec<u8> {
    let mut out: Vec<u8> =
        members.iter().flat_map(|Member(path, flag, content)| entry(path.as_bytes(), *flag, content)).collect();
    out.resize(out.len() + 1024, 0);
    out
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn package(members: &[Member]) -> Vec<u8> {
    gzip(&tar(members))
}

/// The folder with manifests and packages that other validators are compared on, which lies beside the project where
/// there is one; otherwise says that `test` goes without.
pub fn shared(test: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/krt");
    if !folder.exists() {
        testing::skip(test, "no folder of shared cases is beside the project");
        return None;
    }
    Some(folder)
}

/// Reads a package in pieces of `piece` bytes, to the end even after an error.
pub fn read(bytes: &[u8], piece: usize) -> Report {
    reader(bytes, piece).finish()
}

/// Like [`read`], without finishing the report.
pub fn reader(bytes: &[u8], piece: usize) -> Reader {
    let mut reader = Reader::new();
    for piece in bytes.chunks(piece.max(1)) {
        let _ = reader.push(piece);
    }
    reader
}
