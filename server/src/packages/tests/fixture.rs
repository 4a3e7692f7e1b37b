//! Packs packages for tests.

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
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, contents) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(contents.len() as u64);
        tar.append_data(&mut header, path, *contents).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}
