//! A small package with one workflow of two nodes.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

pub fn of_version(version: &str) -> Vec<u8> {
    let manifest = format!(
        "version: {version}
description: Dies often.
entrypoint:
  proto: public_input.proto
  image: konstellation/kre-entrypoint:latest
nodes:
  - {{ name: reader, image: 'konstellation/kre-py:latest', src: reader.py }}
  - {{ name: writer, image: 'konstellation/kre-py:latest', src: writer.py }}
workflows:
  - {{ name: copying, entrypoint: Copy, sequential: [reader, writer] }}
"
    );
    let mut tar = Vec::new();
    for (path, content) in
        [("krt.yml", &*manifest), ("public_input.proto", "syntax"), ("reader.py", "read"), ("writer.py", "write")]
    {
        add(&mut tar, path, content.as_bytes());
    }
    tar.extend([0; 1024]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&tar).and_then(|()| gzip.finish()).expect("memory can be written")
}

/// Adds a file as a ustar header and blocks of 512 bytes.
fn add(tar: &mut Vec<u8>, path: &str, content: &[u8]) {
    let mut header = [0; 512];
    header[..path.len()].copy_from_slice(path.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"14000000000\0");
    header[148..156].fill(b' ');
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend(header);
    tar.extend(content);
    tar.resize(tar.len().next_multiple_of(512), 0);
}
