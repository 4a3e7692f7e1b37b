//! What crates and modules may use of each other, and how large files may grow.

mod borders;
mod imports;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Above this a file has a seam that nobody has cut yet.
const MOST_LINES: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server's folder lies in the workspace").to_owned()
}

/// Source files below these folders with one of these endings: path from the workspace's root, and content.
fn sources(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("a readable folder")) {
            let path = entry.path();
            let name = entry.file_name();
            let skipped = ["target", "node_modules", "test-results", "playwright-report", "snapshots"];
            if path.is_dir() && !skipped.contains(&&*name.to_string_lossy()) {
                walk(&path, found);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    for folder in folders {
        walk(&root.join(folder), &mut found);
    }
    found.sort();
    found
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| endings.contains(&&*ending.to_string_lossy())))
        .map(|path| {
            let content = std::fs::read_to_string(&path).expect("sources are UTF-8");
            (path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned(), content)
        })
        .collect()
}

fn rust() -> Vec<(String, String)> {
    sources(&["app", "server"], &["rs"])
}

/// Without the tests at the end of a file, and without comments.
fn code(content: &str) -> impl Iterator<Item = (usize, &str)> {
    let production = content.split("#[cfg(test)]").next().unwrap_or_default();
    production
        .lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn no_source_file_has_more_than_four_hundred_lines() {
    let all = sources(&["app", "server", "style", "end2end", ".ci"], &["rs", "ts", "mjs", "css", "sh"]);
    assert!(all.len() > 20, "the sources were not found");
    none(
        all.iter()
            .filter(|(_, content)| content.lines().count() > MOST_LINES)
            .map(|(path, content)| format!("{path} has {} lines: where is its seam?", content.lines().count()))
            .collect(),
    );
}

#[test]
fn every_module_begins_with_its_purpose() {
    none(
        rust()
            .iter()
            .filter(|(_, content)| !content.starts_with("//!"))
            .map(|(path, _)| format!("{path} does not begin with a `//!` line"))
            .collect(),
    );
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let left_behind = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let switched_off = ["#[ignore", ".skip(", ".only(", ".fixme("];
    let mut complaints = Vec::new();
    for (path, content) in sources(&["app", "server", "end2end"], &["rs", "ts"]) {
        if path == "server/tests/tidy/main.rs" {
            continue;
        }
        for (number, line) in content.lines().enumerate() {
            let switched_off = if path.ends_with(".ts") { &switched_off[1..] } else { &switched_off[..1] };
            let marks = left_behind.iter().map(String::as_str).chain(switched_off.iter().copied());
            for mark in marks.filter(|mark| line.contains(mark)) {
                complaints.push(format!("{path}:{}: {mark}", number + 1));
            }
        }
    }
    none(complaints);
}

#[test]
fn production_code_does_not_unwrap() {
    let mut complaints = Vec::new();
    for (path, content) in rust().iter().filter(|(path, _)| !is_test_code(path)) {
        for (number, line) in code(content) {
            if line.contains(".unwrap()") {
                complaints.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    none(complaints);
}

/// Each place of this list may use what is named before it, and no other place.
#[test]
fn kube_types_stop_at_the_cluster_and_rows_at_the_store() {
    let borders: [(&str, &[&str]); 4] = [
        ("rusqlite", &["server/src/store", "server/embedded"]),
        ("k8s_openapi", &["server/src/cluster", "server/src/reconcile", "server/embedded"]),
        ("kube::", &["server/src/cluster", "server/src/reconcile", "server/src/cli", "server/embedded"]),
        ("leptos::", &["app/src", "server/src/web"]),
    ];
    let mut complaints = Vec::new();
    for (path, content) in rust().iter().filter(|(path, _)| !is_test_code(path)) {
        for (number, line) in code(content) {
            for (name, places) in borders {
                if line.contains(name) && !places.iter().any(|place| path.starts_with(place)) {
                    complaints.push(format!("{path}:{number}: {name} belongs into {}", places.join(", ")));
                }
            }
        }
    }
    none(complaints);
}

fn is_test_code(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/") || path.contains("testing")
}

#[test]
fn dependencies_between_the_crates_point_one_way() {
    let metadata: serde_json::Value =
        serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps", "--offline"]))
            .expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let crates: BTreeSet<_> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let knows = |name: &str| -> BTreeSet<&str> {
        let package = packages.iter().find(|package| package["name"] == name).expect("the crate exists");
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        // Development dependencies are for tests, which may use any crate.
        dependencies
            .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|name| crates.contains(name))
            .collect()
    };
    assert_eq!(crates, BTreeSet::from(["app", "checker", "embedded-cluster", "krt", "server", "testing"]));
    assert_eq!(knows("krt"), BTreeSet::new());
    assert_eq!(knows("embedded-cluster"), BTreeSet::new());
    assert_eq!(knows("testing"), BTreeSet::new());
    assert_eq!(knows("checker"), BTreeSet::from(["krt"]));
    assert_eq!(knows("app"), BTreeSet::from(["krt"]));
    assert_eq!(knows("server"), BTreeSet::from(["app", "embedded-cluster", "krt"]));
}

#[test]
fn the_browser_gets_nothing_of_the_server() {
    let tree = dependencies(&["-p", "app", "--no-default-features", "--features", "hydrate"]);
    assert!(tree.contains("leptos"), "the tree was not read: {tree:?}");
    for heavy in ["tokio", "axum", "hyper", "kube", "k8s-openapi", "rusqlite", "serde_yaml_ng"] {
        assert!(!tree.contains(heavy), "the browser's half depends on {heavy}");
    }
}

#[test]
fn the_domain_knows_no_framework_no_clock_and_no_runtime() {
    let tree = dependencies(&["-p", "krt"]);
    assert!(tree.contains("saphyr-parser"), "the tree was not read: {tree:?}");
    for foreign in ["leptos", "tokio", "futures", "axum", "kube", "jiff", "chrono", "wasm-bindgen", "tracing"] {
        assert!(!tree.contains(foreign), "krt depends on {foreign}");
    }
}

/// Names of all crates that are compiled into this one for the browser.
fn dependencies(of: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    arguments.extend(["--target", "wasm32-unknown-unknown"]);
    arguments.extend(of);
    cargo(&arguments).lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}
