//! The sizes of the program and of the downloads, in bytes.

use std::path::Path;

use serde_json::{Map, Value, json};

pub fn of(root: &Path) -> Map<String, Value> {
    let site = root.join("target/site");
    let mut figures = Map::new();
    figures.insert("program_bytes".to_owned(), json!(size(&root.join("target/release/krt-console"))));
    figures.insert("site_bytes".to_owned(), json!(total(&site)));
    let mut first_load = 0;
    for ending in ["wasm", "js", "css"] {
        let bytes = sent(&site.join("pkg"), ending);
        first_load += bytes;
        figures.insert(format!("{ending}_brotli_bytes"), json!(bytes));
    }
    figures.insert("first_load_brotli_bytes".to_owned(), json!(first_load));
    figures
}

/// The size of the pages' file with this extension, compressed with brotli.
fn sent(folder: &Path, ending: &str) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let compressed = format!(".{ending}.br");
    let is_it = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("krt-console.") && name.ends_with(&compressed)
    };
    files.filter(is_it).map(|path| size(&path)).sum()
}

fn total(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).map(|path| if path.is_dir() { total(&path) } else { size(&path) }).sum()
}

fn size(file: &Path) -> u64 {
    std::fs::metadata(file).map(|data| data.len()).unwrap_or_default()
}
