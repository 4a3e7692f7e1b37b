//! Reads any bytes as a package, and as the tar inside one (with corrected checksums, which chance never finds): the
//! report does not depend on how the bytes arrive.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use krt::package::{Reader, Report};

use super::sound::sound;

const BLOCK: usize = 512;

pub fn run(bytes: &[u8]) {
    check(bytes);
    let mut tar = bytes.to_vec();
    for block in tar.chunks_exact_mut(BLOCK).filter(|block| block[257..262] == *b"ustar") {
        seal(block);
    }
    tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(&tar).expect("writing into a Vec cannot fail");
    check(&gzip.finish().expect("writing into a Vec cannot fail"));
}

fn check(bytes: &[u8]) {
    let report = read(bytes, bytes.len());
    assert_eq!(report, read(bytes, 7), "the report of the pieces differs");
    sound(report.manifest_text.as_deref().unwrap_or_default(), &report.diagnostics);
    if let Some(fixed) = &report.fixed {
        sound(fixed.manifest_text.as_deref().unwrap_or_default(), &fixed.diagnostics);
        assert!(fixed.diagnostics.len() < report.diagnostics.len(), "no problem was removed");
    }
}

fn read(bytes: &[u8], piece: usize) -> Report {
    let mut reader = Reader::new();
    for piece in bytes.chunks(piece.max(1)) {
        // The report contains the error.
        let _ = reader.push(piece);
    }
    reader.finish_with_fixes()
}

fn seal(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
}
