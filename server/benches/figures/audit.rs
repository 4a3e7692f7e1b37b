//! The time that a page of a long audit takes: the slowest of all filters, for callers who see everything and for those
//! who see only their own entries.

use std::path::Path;
use std::time::Instant;

use app::model::{ActivityFilter, Caller};
use krt::roles::Role;
use rusqlite::Connection;
use serde_json::{Map, Value, json};
use server::changes::ChangeBus;
use server::store::{DATABASE, Store};

/// Entries in the audit: years of a busy console, and more.
const ENTRIES: [(usize, &str); 2] = [(300_000, "300000"), (1_000_000, "1000000")];

/// The entries are spread over this many people, runtimes, and versions of each runtime.
const PEOPLE: usize = 50;
const RUNTIMES: usize = 20;
const VERSIONS: usize = 40;

const KINDS: [&str; 8] = ["create", "start", "ready", "publish", "switched", "stop", "gone", "archive"];

/// `audit_N_slowest_ms`: the largest of the filters' medians.
pub fn figures() -> Map<String, Value> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let mut figures = Map::new();
    let mut there = 0;
    for (entries, name) in ENTRIES {
        let (store, viewer, admin) = runtime.block_on(open(folder.path()));
        fill(&folder.path().join(DATABASE), there, entries, &viewer);
        there = entries;
        let mut slowest = (0.0, String::new());
        for (caller, filter) in filters(&viewer, &admin, entries) {
            let taken = super::timed(|| runtime.block_on(store.activity(caller, filter.clone())).expect("a page"));
            if taken > slowest.0 {
                slowest = (taken, format!("{} {filter:?}", caller.role.as_str()));
            }
        }
        println!("the slowest page of {entries} entries: {} ms, {}", super::round(slowest.0), slowest.1);
        figures.insert(format!("audit_{name}_slowest_ms"), json!(super::round(slowest.0)));
    }
    let begin = Instant::now();
    std::hint::black_box(runtime.block_on(open(folder.path())));
    figures.insert("audit_1000000_open_ms".to_owned(), json!(super::round(begin.elapsed().as_secs_f64() * 1_000.0)));
    figures
}

async fn open(folder: &Path) -> (Store, Caller, Caller) {
    let store = Store::open(folder, ChangeBus::default()).await.expect("a store");
    let viewer = store.ensure_user("person 1", Role::Viewer).await.expect("a user");
    let admin = store.ensure_user("person 2", Role::Admin).await.expect("a user");
    (store, viewer, admin)
}

/// Adds the entries from number `from` to number `to`. The viewer is one of the people, and half of all entries are
/// theirs; some kinds and runtimes occur only with others.
fn fill(database: &Path, from: usize, to: usize, viewer: &Caller) {
    let mut database = Connection::open(database).expect("the database");
    let transaction = database.transaction().expect("a transaction");
    {
        let mut insert = transaction
            .prepare(
                "INSERT INTO audit (at, who, actor, kind, runtime, version, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .expect("a statement");
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for number in from..to {
            let is_viewer = random(2) == 0;
            let who = if is_viewer { viewer.name.clone() } else { format!("person {}", 2 + random(PEOPLE - 1)) };
            // The viewer archives nothing, and works in half of the runtimes.
            let kind = KINDS[random(if is_viewer { KINDS.len() - 1 } else { KINDS.len() })];
            let runtime = format!("runtime-{}", random(if is_viewer { RUNTIMES / 2 } else { RUNTIMES }));
            let version = format!("v{}", random(VERSIONS));
            let actor = is_viewer.then_some(viewer.id);
            insert
                .execute((number as i64, who, actor, kind, runtime, version, "a reason of some thirty letters"))
                .expect("an entry");
        }
    }
    transaction.commit().expect("a commit");
}

/// All combinations of filters, each with a value that many entries have, one that few have, or one that no entry has.
fn filters<'a>(viewer: &'a Caller, admin: &'a Caller, entries: usize) -> Vec<(&'a Caller, ActivityFilter)> {
    let some = |text: &str| Some(text.to_owned());
    let mut filters = Vec::new();
    for caller in [viewer, admin] {
        for person in [None, some("person 1"), some("person 7"), some("nobody")] {
            for kind in [None, some("start"), some("archive"), some("nothing")] {
                for runtime in [None, some("runtime-1"), some("runtime-19"), some("nowhere")] {
                    for version in [None, some("v7"), some("none")] {
                        for before in [None, Some(entries as i64 / 2), Some(10)] {
                            let (person, kind) = (person.clone(), kind.clone());
                            let (runtime, version) = (runtime.clone(), version.clone());
                            filters.push((caller, ActivityFilter { person, kind, runtime, version, before }));
                        }
                    }
                }
            }
        }
    }
    filters
}
