//! The worst data that people, packages and clusters can leave in a store, written directly into its database.

use rusqlite::Connection;
use serde_json::{Value, json};

/// The character that takes the most space on a page: four bytes in HTML, six in a script.
pub const DEAR: &str = "<";

/// A runtime `demo` with `count` small versions `v0`, `v1`, …, the highest being the newest.
pub fn versions(database: &Connection, count: usize) {
    runtime(database, "demo", "Demo", "");
    package(database, "p", "[]");
    let transaction = database.unchecked_transaction().expect("a transaction");
    for number in 0..count {
        let manifest =
            manifest(&format!("v{number}"), "A small one.", workflows(1, 3, |_| vec!["entrypoint".to_owned()]));
        version(database, &format!("v{number}"), number as i64, &manifest, "text", "[]", None);
    }
    transaction.commit().expect("written");
}

/// Saved logs of a stopped version, with a thousand lines for each of the `pods`.
pub fn logs(database: &Connection, version: &str, pods: usize, line: &str) {
    let lines = serde_json::to_string(&vec![line; 1_000]).expect("JSON");
    for pod in 0..pods {
        database
            .execute(
                "INSERT INTO logs (version, workflow, node, pod, saved_at, lines_json) VALUES (?1, 'w0', ?2, ?3, 0, ?4)",
                (version, format!("n{pod}"), format!("pod-{pod}"), &lines),
            )
            .expect("a log");
    }
}

/// Small versions, and `nodes` (10,000 nodes), `few` (many workflows), `dense` (as many arrows as are drawn) and `text`
/// (long texts everywhere).
pub fn of_every_kind(database: &Connection) {
    versions(database, 150);
    let all = |_| vec!["entrypoint".to_owned()];
    version(database, "nodes", 1_000, &manifest("nodes", "Many nodes.", workflows(1, 10_000, all)), "text", "[]", None);
    version(database, "few", 1_000, &manifest("few", "Many workflows.", workflows(1_000, 2, all)), "text", "[]", None);
    // Just below the limit for drawing.
    let three = |node: usize| {
        (1..=3.min(node)).map(|back| format!("n{}", node - back)).chain(["entrypoint".to_owned()]).take(3).collect()
    };
    version(database, "dense", 1_000, &manifest("dense", "Many arrows.", workflows(1, 300, three)), "text", "[]", None);
    text(database);
    for number in 0..120 {
        runtime(database, &format!("r{number}"), &format!("{}{number:03}", DEAR.repeat(57)), &DEAR.repeat(500));
    }
    for number in 0..2_000 {
        database
            .execute(
                "INSERT INTO audit (at, who, kind, runtime, version, reason) VALUES (0, ?1, 'configure', ?2, 'text', ?3)",
                (format!("person {number}"), format!("r{number}"), DEAR.repeat(5_000)),
            )
            .expect("an entry");
    }
}

fn text(database: &Connection) {
    let many = |word: char| (0..1_500).map(|n| format!("{}{n:04}", word.to_string().repeat(200))).collect::<Vec<_>>();
    let mut manifest = manifest("text", &DEAR.repeat(20_000), workflows(1, 3, |_| vec!["entrypoint".to_owned()]));
    manifest["config"] = json!({ "variables": many('A'), "files": many('f') });
    let line = format!("{}\n", DEAR.repeat(60));
    let found = json!({
        "severity": "warning", "code": "key-unknown", "message": DEAR.repeat(5_000), "member": null,
        "help": DEAR.repeat(5_000), "related": [],
        "span": { "start": 0, "end": 1, "line": 1, "column": 1, "end_line": 1, "end_column": 2 },
    });
    let failure = json!({
        "at": 0, "action": "start", "chain": vec![DEAR.repeat(50_000); 50], "process": ["w0", "n0"],
        "last_lines": vec![DEAR.repeat(50_000); 20],
    });
    let members: Vec<_> = (0..20_000)
        .map(|n| json!({ "path": format!("{}{n}", DEAR.repeat(430)), "is_folder": false, "size": 1 }))
        .collect();
    package(database, "large", &Value::from(members).to_string());
    let diagnostics = Value::from(vec![found; 300]).to_string();
    let text = line.repeat(2_000_000 / line.len());
    version(database, "text", 1_000, &manifest, &text, &diagnostics, Some(&failure.to_string()));
    database.execute("UPDATE versions SET package = 'large' WHERE name = 'text'", []).expect("a package");
    logs(database, "text", 60, &DEAR.repeat(400));
    for (kind, word) in [("variable", 'A'), ("file", 'f')] {
        for name in many(word).into_iter().take(1_000) {
            database
                .execute(
                    "INSERT INTO configuration (version, name, kind, value) VALUES ('text', ?1, ?2, ?3)",
                    (name, kind, DEAR.repeat(450)),
                )
                .expect("a value");
        }
    }
    let long = format!("{}0000", "f".repeat(200));
    database
        .execute("UPDATE configuration SET value = ?1 WHERE name = ?2", (DEAR.repeat(400_000), long))
        .expect("a long value");
}

fn workflows(count: usize, nodes: usize, subscriptions: impl Fn(usize) -> Vec<String>) -> Value {
    let node = |number: usize| {
        let inputs: Vec<_> = subscriptions(number).into_iter().map(|node| json!({ "node": node })).collect();
        json!({ "name": format!("n{number}"), "image": "konstellation/kre-py:1.29.0", "src": "src/node.py", "subscriptions": inputs })
    };
    let workflow = |number: usize| {
        let nodes: Vec<_> = (0..nodes).map(node).collect();
        json!({ "name": format!("w{number}"), "entrypoint": format!("Do{number}"), "exitpoint": "n0", "nodes": nodes })
    };
    (0..count).map(workflow).collect()
}

fn manifest(version: &str, description: &str, workflows: Value) -> Value {
    json!({
        "format": "v2", "version": version, "description": description,
        "entrypoint": { "proto": "public.proto", "image": "konstellation/kre-entrypoint:1.29.0" },
        "config": { "variables": [], "files": [] }, "workflows": workflows,
    })
}

fn runtime(database: &Connection, id: &str, name: &str, description: &str) {
    database
        .execute(
            "INSERT INTO runtimes (id, name, name_key, description, namespace, created_at, created_by)
             VALUES (?1, ?2, lower(?2), ?3, 'kre-' || ?1, 0, 'admin')",
            (id, name, description),
        )
        .expect("a runtime");
}

fn package(database: &Connection, sha256: &str, members: &str) {
    database
        .execute(
            "INSERT INTO packages (sha256, size, unpacked, members, members_json)
             VALUES (?1, 1, 1, json_array_length(?2), ?2)",
            (sha256, members),
        )
        .expect("a package");
}

fn version(
    database: &Connection,
    name: &str,
    at: i64,
    manifest: &Value,
    text: &str,
    diagnostics: &str,
    failure: Option<&str>,
) {
    let written = database.execute("INSERT INTO audit (at, who, kind, reason) VALUES (0, 'admin', 'create', '')", []);
    written.expect("an entry");
    database
        .execute(
            "INSERT INTO versions (uid, runtime, name, wish, settled, since, since_by, cause, package, file, created_at,
             created_by, manifest_json, diagnostics_json, manifest_text, failure_json)
             VALUES (?1, 'demo', ?1, 'stopped', 'stopped', ?2, 'admin', ?3, 'p', 'a.krt', ?2, 'admin', ?4, ?5, ?6, ?7)",
            (name, at, database.last_insert_rowid(), manifest.to_string(), diagnostics, text, failure),
        )
        .expect("a version");
}
