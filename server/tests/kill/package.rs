//! A small package with one workflow of two nodes.

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
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in
        [("krt.yml", &*manifest), ("public_input.proto", "syntax"), ("reader.py", "read"), ("writer.py", "write")]
    {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, path, content.as_bytes()).expect("memory can be written");
    }
    tar.into_inner().and_then(GzEncoder::finish).expect("memory can be written")
}
