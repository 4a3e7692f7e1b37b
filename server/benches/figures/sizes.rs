//! The sizes of the program and of the downloads, in bytes.

use std::path::Path;

use serde_json::{Map, Value, json};

pub fn of(root: &Path) -> Map<String, Value> {
    let site = root.join("target/site");
    let mut figures = Map::new();
    figures.insert("program_bytes".to_owned(), json!(size(&root.join("target/release/krt-console"))));
    figures.insert("site_bytes".to_owned(), json!(total(&site)));
    let hashes = std::fs::read_to_string(site.join("hash.txt")).unwrap_or_default();
    let line = |kind: &str| hashes.lines().find_map(|line| line.strip_prefix(kind)?.strip_prefix(": "));
    let mut first_load = 0;
    for ending in ["wasm", "js", "css"] {
        let bytes = sent(&site, &format!("krt-console.{}.{ending}", line(ending).unwrap_or_default()));
        first_load += bytes;
        figures.insert(format!("{ending}_brotli_bytes"), json!(bytes));
    }
    // Of the page that is opened most.
    let chunks = line("chunks-version").unwrap_or_default().split(' ');
    first_load += chunks.map(|chunk| sent(&site, chunk)).sum::<u64>();
    figures.insert("first_load_brotli_bytes".to_owned(), json!(first_load));
    figures
}

/// The size of a file of the pages, compressed with brotli.
fn sent(site: &Path, name: &str) -> u64 {
    size(&site.join("pkg").join(format!("{name}.br")))
}

fn total(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).map(|path| if path.is_dir() { total(&path) } else { size(&path) }).sum()
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map(|data| data.len()).unwrap_or_default()
}
