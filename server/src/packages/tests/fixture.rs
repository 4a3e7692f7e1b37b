//! Packs packages for tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A package of a version of this name that passes every rule.
pub fn package(version: &str) -> Vec<u8> {
    package_of(&manifest(version))
}

/// A package with this manifest, and the sources that [`manifest`] names.
pub fn package_of(manifest: &str) -> Vec<u8> {
    pack(&[
        ("krt.yml", manifest.as_bytes()),
        ("public_input.proto", PROTO.as_bytes()),
        ("src/greet/main.py", b"def handler(ctx, data):\n    return data\n"),
    ])
}

/// A manifest that declares one variable.
pub fn manifest(version: &str) -> String {
    format!(
        "version: {version}
krtVersion: v2
description: Greets whoever asks.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:latest
config:
  variables:
    - GREETING
workflows:
  - name: greeting
    entrypoint: Greet
    exitpoint: greet
    nodes:
      - name: greet
        image: konstellation/kre-py:latest
        src: src/greet/main.py
        subscriptions:
          - entrypoint
"
    )
}

const PROTO: &str = r#"syntax = "proto3";
package main;
message Request { string name = 1; }
message Response { string greeting = 1; }
service Entrypoint { rpc Greet (Request) returns (Response) {}; }
"#;

/// A gzip-compressed tar of these files.
pub fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for (path, contents) in files {
        gzip.write_all(&header(path, contents.len())).unwrap();
        gzip.write_all(contents).unwrap();
        gzip.write_all(&vec![0; contents.len().next_multiple_of(512) - contents.len()]).unwrap();
    }
    // Two empty blocks end an archive.
    gzip.write_all(&[0; 1024]).unwrap();
    gzip.finish().unwrap()
}

/// A ustar header of a plain file (POSIX.1-1988).
fn header(path: &str, size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    let mut put = |offset: usize, text: &str| header[offset..offset + text.len()].copy_from_slice(text.as_bytes());
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}
