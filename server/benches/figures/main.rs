//! The figures of `make bench`: sizes, startup, idle memory (also with a hundred runtimes), the cost of the worst
//! requests, the time to read a long audit, to check a manifest and to lay out a workflow, and the cost of hostile
//! files. Prints a table and writes `target/bench.json`. Given names of groups (`program`, `limits`, `audit`, `check`),
//! measures only these, and writes no file.

mod audit;
mod generate;
mod hostile;
mod idle;
mod limits;
mod sizes;
mod starts;

// Shared with the tests of limits, which check against bounds what is measured here.
#[path = "../../tests/limits/console.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod console;
#[path = "../../tests/kill/http.rs"]
mod http;
#[path = "../../tests/limits/routes.rs"]
mod routes;
#[path = "../../tests/limits/worst.rs"]
mod worst;

use std::path::{Path, PathBuf};
use std::time::Instant;

use krt::check::{Analysis, Options, analyze};
use serde_json::{Map, Value, json};

/// Repetitions of each measurement, of which the median is reported.
const ROUNDS: usize = 9;

/// Measures a group of figures, by name.
type Measure<'a> = &'a dyn Fn() -> Map<String, Value>;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server's folder lies in the workspace");
    let program = PathBuf::from(env!("CARGO_BIN_EXE_krt-console"));
    let groups: [(&str, Measure); 4] = [
        ("program", &|| of_the_program(root, &program)),
        ("limits", &|| limits::figures(&program)),
        ("audit", &audit::figures),
        ("check", &|| of_the_check(root, &program)),
    ];
    // `cargo bench` adds options of its own.
    let named: Vec<_> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let mut figures = Map::new();
    for (_, measure) in groups.iter().filter(|(name, _)| named.is_empty() || named.iter().any(|one| one == name)) {
        figures.extend(measure());
    }
    print(&figures);
    let text = serde_json::to_string_pretty(&figures).expect("figures are JSON");
    println!("{text}");
    if named.is_empty() {
        let file = root.join("target/bench.json");
        std::fs::write(&file, text + "\n").unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

/// Sizes, startup, and idle cost.
fn of_the_program(root: &Path, program: &Path) -> Map<String, Value> {
    let mut figures = Map::new();
    figures.extend(sizes::of(root));
    let starts = starts::starts(program, ROUNDS);
    figures.insert("start_up_ms".to_owned(), json!(round(median(starts.milliseconds))));
    figures.insert("idle_memory_bytes".to_owned(), json!(starts.idle_memory));
    for (watches, name) in [
        (idle::Watches::Everywhere, "watched_everywhere"),
        (idle::Watches::InEachNamespace, "watched_in_each_namespace"),
    ] {
        let idle = idle::idle(program, watches);
        figures.insert(format!("runtimes_100_{name}_memory_bytes"), json!(idle.memory));
        figures.insert(format!("runtimes_100_{name}_calls_per_minute"), json!(idle.calls_per_minute));
    }
    figures
}

/// Checks of manifests and hostile files, and layouts of workflows.
fn of_the_check(root: &Path, program: &Path) -> Map<String, Value> {
    let mut figures = Map::new();
    let manifest = generate::manifest(1_000_000);
    let nodes = generate::nodes_of(&manifest);
    let Analysis { manifest: checked, diagnostics: found, .. } = analyze(&manifest, Options::default());
    assert!(checked.is_some(), "the generated manifest is not accepted: {:?}", found.first());
    figures.insert("check_manifest_bytes".to_owned(), json!(manifest.len()));
    figures.insert("check_manifest_nodes".to_owned(), json!(nodes));
    figures.insert("check_1_mb_manifest_ms".to_owned(), json!(round(timed(|| analyze(&manifest, Options::default())))));

    // The browser's part of the benchmark checks the same text.
    let written = root.join("target/bench-manifest.yml");
    std::fs::write(&written, &manifest).unwrap_or_else(|error| panic!("{}: {error}", written.display()));
    for (name, text) in [("2000_lines", generate::of_2000_lines()), ("2000_lines_10_problems", generate::with_typos())]
    {
        figures.insert(format!("check_{name}_ms"), json!(round(timed(|| analyze(&text, Options::default())))));
        let written = root.join(format!("target/bench-{name}.yml"));
        std::fs::write(&written, &text).unwrap_or_else(|error| panic!("{}: {error}", written.display()));
    }
    figures.insert("hostile".to_owned(), hostile::figures(program));

    let workflow = generate::workflow(1_000);
    let layout = krt::graph::layout(&workflow);
    assert_eq!(layout.nodes.len(), 1_001, "a node for each, and the entrypoint");
    figures.insert("layout_1000_nodes_ms".to_owned(), json!(round(timed(|| krt::graph::layout(&workflow)))));
    figures
}

/// The median of the milliseconds that `work` takes.
fn timed<T>(work: impl Fn() -> T) -> f64 {
    // Once unmeasured, so that caches and the allocator are warm for every round.
    std::hint::black_box(work());
    let round = |_| {
        let begin = Instant::now();
        std::hint::black_box(work());
        begin.elapsed().as_secs_f64() * 1_000.0
    };
    median((0..ROUNDS).map(round).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn print(figures: &Map<String, Value>) {
    for (name, value) in figures {
        match value {
            Value::Object(parts) => parts.iter().for_each(|(part, value)| println!("{name}: {part:<20} {value}")),
            _ => println!("{:<56} {:>14}", name.replace('_', " "), value.to_string()),
        }
    }
    println!();
}
