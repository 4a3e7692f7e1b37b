//! Which modules of a crate may use which others, and that neither files nor modules use each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Imports, circles};
use crate::{code, is_test_code, none, sources};

/// The modules of each crate below its root, and which others each of them uses. An arrow that is not here is a decision:
/// add it with the change that needs it, and say why there. One that is gone is removed.
const CRATES: [(&str, &[(&str, &str)]); 4] =
    [("app/krt/src", KRT), ("app/src", APP), ("server/src", SERVER), ("server/embedded/src", EMBEDDED)];

const KRT: &[(&str, &str)] = &[
    ("check", "diagnostic file_kind fix manifest rules text"),
    ("convert", "check diagnostic manifest text"),
    // Fixing checks the fixed text: its callers pass the check.
    ("fix", "diagnostic rules"),
    ("graph", "manifest outline"),
    ("ids", "names"),
    ("lifecycle", "roles"),
    ("names", "manifest"),
    ("outline", "manifest"),
    ("package", "check diagnostic file_kind fix manifest outline rules text"),
    ("rule_pages", "rules text"),
    ("rules", "diagnostic"),
    ("text", "diagnostic"),
];

const APP: &[(&str, &str)] = &[
    ("api", "budget components error labels model paths timestamp"),
    ("app", "pages paths routes scripts"),
    ("budget", "model"),
    ("charts", "model"),
    ("components", "error forms hydration labels live model paths timestamp"),
    ("forms", "error resource"),
    ("labels", "model"),
    ("live", "model paths"),
    ("loading", "hydration"),
    ("package", "charts components error forms labels loading model paths resource"),
    (
        "pages",
        "api charts components drafts error forms hydration labels live loading model package paths resource timestamp",
    ),
    ("routes", "loading package pages"),
    ("scripts", "routes"),
    ("timestamp", "model"),
    ("visible", "budget"),
];

const SERVER: &[(&str, &str)] = &[
    ("cli", "descriptors private settings start web"),
    ("cluster", "changes fail_points state supervise"),
    ("live", "changes cluster state store"),
    ("packages", "private"),
    ("platform", "cluster live packages state store"),
    ("reconcile", "backoff changes cluster state store supervise"),
    ("settings", "cluster"),
    ("start", "changes cluster live packages platform private reconcile settings store supervise web"),
    ("store", "changes fail_points state"),
    ("supervise", "backoff"),
    ("web", "descriptors live platform settings store supervise"),
];

const EMBEDDED: &[(&str, &str)] = &[
    ("access", "key kinds meta registry status store"),
    ("api", "accept access clock fields key kinds kubectl meta output registry selectors status store"),
    ("cluster", "access api clock controllers kinds open_error persist registry store"),
    ("controllers", "clock fields key kinds meta quantity quota random registry selectors status store"),
    ("fields", "clock meta status"),
    ("key", "kinds meta"),
    ("kubectl", "accept clock kinds meta status"),
    ("meta", "clock"),
    ("output", "clock controllers meta random"),
    ("persist", "key kinds open_error"),
    ("quota", "kinds quantity"),
    ("registry", "clock fields key kinds meta quantity quota random status store validation"),
    ("selectors", "kinds meta names status store"),
    ("serve", "cluster"),
    ("status", "kinds"),
    ("store", "clock key kinds meta persist random status"),
    ("validation", "kinds meta names quantity selectors status"),
];

fn imports(folder: &str) -> Imports {
    Imports::of(sources(&[folder], &["rs"]).into_iter().filter(|(path, _)| !is_test_code(path)).map(
        |(path, content)| {
            let code: Vec<&str> = code(&content).map(|(_, line)| line.split(" // ").next().unwrap_or(line)).collect();
            (path[folder.len() + 1..].to_owned(), code.join("\n"))
        },
    ))
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let mut complaints = Vec::new();
    for (folder, _) in CRATES {
        let imports = imports(folder);
        let arrows = imports.arrows();
        for circle in circles(arrows.keys().copied()) {
            complaints.push(format!("a circle of {} files in {folder}:", circle.len()));
            for ((from, to), names) in &arrows {
                if circle.contains(from) && circle.contains(to) {
                    let names: Vec<_> = names.iter().map(String::as_str).collect();
                    complaints.push(format!("    {from} -> {to}: {}", names.join(", ")));
                }
            }
        }
    }
    none(complaints);
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut complaints = Vec::new();
    for (folder, table) in CRATES {
        let allowed: BTreeSet<(&str, &str)> =
            table.iter().flat_map(|(from, to)| to.split_whitespace().map(move |to| (*from, to))).collect();
        let imports = imports(folder);
        let mut used: BTreeMap<(&str, &str), (&str, &str)> = BTreeMap::new();
        for (from, to) in imports.arrows().into_keys() {
            let arrow = (module(from), module(to));
            if arrow.0 != arrow.1 && arrow.0 != "lib" {
                used.entry(arrow).or_insert((from, to));
            }
        }
        for (arrow, (from, to)) in &used {
            if !allowed.contains(arrow) {
                complaints.push(format!("{folder}: {} uses {} ({from} -> {to})", arrow.0, arrow.1));
            }
        }
        for (from, to) in allowed.iter().filter(|arrow| !used.contains_key(*arrow)) {
            complaints.push(format!("{folder}: {from} does not use {to} any more: remove it from the table"));
        }
    }
    none(complaints);
}

/// Judged by the tables, which are exactly what is used: see the test above.
#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut complaints = Vec::new();
    for (folder, table) in CRATES {
        let arrows = table.iter().flat_map(|(from, to)| to.split_whitespace().map(move |to| (*from, to)));
        for circle in circles(arrows) {
            complaints.push(format!("{folder}: {} use each other in a circle", circle.join(", ")));
        }
    }
    none(complaints);
}

/// The module below the crate's root that a file belongs to.
fn module(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}
