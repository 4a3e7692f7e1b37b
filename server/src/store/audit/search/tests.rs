//! Pages of the audit for every filter: their entries, and the query plans.

use app::model::{ActivityFilter, Caller};
use krt::roles::Role;
use rusqlite::Connection;

use super::{skip_scan, statement_of};
use crate::store::tests::fixture::Fixture;
use crate::store::{ACTIVITY_PAGE, SYSTEM};

const COLUMNS: [&str; 3] = ["who", "runtime", "version"];

/// Every subset of these columns, in their order.
fn subsets() -> Vec<Vec<&'static str>> {
    let chosen = |bits: usize| (0..3).filter(move |bit| bits >> bit & 1 == 1).map(|bit| COLUMNS[bit]).collect();
    (0..8).map(chosen).collect()
}

/// The engine's query plan, one line for each step.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // Values are not needed for a plan.
    let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<_, _>>();
    steps.unwrap()
}

#[tokio::test]
async fn no_filter_scans_the_table_or_sorts() {
    let fixture = Fixture::new().await;
    let writer = fixture.store.0.writer.lock().unwrap();
    for columns in subsets() {
        let with_kind: Vec<_> = columns.iter().copied().chain(["kind"]).collect();
        let equal = with_kind.iter().map(|column| format!("{column}=? AND ")).collect::<String>();
        let expected = format!("SEARCH audit USING COVERING INDEX audit_by_{} ({equal}id<?)", with_kind.join("_"));
        // The number of an entry is the last column of the index; the plan calls it by the name of the table's key.
        let found = plan(&writer, &statement_of(&with_kind)).join("\n").replace("rowid<?", "id<?");
        assert_eq!(found, expected);
    }
    assert_eq!(plan(&writer, &statement_of(&[])), ["SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)"]);
    for (index, column, within) in [
        ("audit_by_who_kind", "who", None),
        ("audit_by_kind", "kind", None),
        ("audit_by_runtime_kind", "runtime", None),
        ("audit_by_who_kind", "kind", Some("who")),
        ("audit_by_who_runtime_kind", "runtime", Some("who")),
    ] {
        let steps = plan(&writer, &skip_scan(index, column, within));
        assert!(steps.iter().any(|step| step.starts_with(&format!("SEARCH audit USING COVERING INDEX {index} ("))));
        for step in steps {
            assert!(!step.contains("SCAN audit") && !step.contains("TEMP B-TREE"), "{step}");
        }
    }
}

/// The compared columns of an entry: number, person, kind, runtime, version.
type Row = (i64, String, String, Option<String>, Option<String>);

/// Inserts entries with independent random columns, so that many filters find few of many.
fn fill(connection: &Connection, entries: usize, actors: &[&Caller]) -> Vec<Row> {
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut rows = Vec::new();
    for _ in 0..entries {
        let actor = actors.get(random(actors.len() as u64 + 1) as usize);
        let who = actor.map_or(SYSTEM, |actor| &actor.name).to_owned();
        let kind = ["start", "stop", "ready", "sign-in"][random(4) as usize].to_owned();
        let runtime = (kind != "sign-in").then(|| format!("r{}", random(3)));
        let version = runtime.as_ref().map(|_| format!("v{}", random(3)));
        connection
            .execute(
                "INSERT INTO audit (at, who, actor, kind, runtime, version, reason) VALUES (0, ?1, ?2, ?3, ?4, ?5, '')",
                (&who, actor.map(|actor| actor.id), &kind, &runtime, &version),
            )
            .unwrap();
        rows.push((connection.last_insert_rowid(), who, kind, runtime, version));
    }
    rows.reverse();
    rows
}

#[tokio::test]
async fn every_filter_finds_the_newest_of_what_matches_and_nothing_else() {
    let fixture = Fixture::new().await;
    let eve = fixture.store.ensure_user("eve", Role::Viewer).await.unwrap();
    let rows = {
        let writer = fixture.store.0.writer.lock().unwrap();
        writer.execute_batch("BEGIN").unwrap();
        let rows = fill(&writer, 2_000, &[&eve, &fixture.manager]);
        writer.execute_batch("COMMIT").unwrap();
        rows
    };
    let some = |text: &str| Some(text.to_owned());
    for number in 0..3 * 3 * 3 * 3 * 2 * 2 {
        let pick = |place: u32, values: [Option<String>; 3]| values[number / 3_usize.pow(place) % 3].clone();
        let last = number / 81;
        let filter = ActivityFilter {
            person: pick(0, [None, some("eve"), some(SYSTEM)]),
            kind: pick(1, [None, some("stop"), some("sign-in")]),
            runtime: pick(2, [None, some("r1"), some("nowhere")]),
            version: pick(3, [None, some("v2"), some("")]),
            before: (last & 1 == 1).then_some(rows[1_000].0),
        };
        let caller = if last & 2 == 2 { &eve } else { &fixture.manager };
        let is = |wanted: &Option<String>, found: Option<&String>| {
            wanted.as_ref().is_none_or(|wanted| wanted.is_empty() || Some(wanted) == found)
        };
        let expected: Vec<i64> = rows
            .iter()
            .filter(|(id, who, kind, runtime, version)| {
                is(&filter.person, Some(who))
                    && is(&filter.kind, Some(kind))
                    && is(&filter.runtime, runtime.as_ref())
                    && is(&filter.version, version.as_ref())
                    && filter.before.is_none_or(|before| *id < before)
                    && (caller != &eve || who == "eve")
            })
            .map(|row| row.0)
            .collect();
        let page = fixture.store.activity(caller, filter.clone()).await.unwrap();
        let found: Vec<_> = page.entries.iter().map(|entry| entry.id).collect();
        assert_eq!(found, expected.iter().copied().take(ACTIVITY_PAGE).collect::<Vec<_>>(), "{filter:?}");
        assert_eq!(page.next.is_some(), expected.len() > ACTIVITY_PAGE, "{filter:?}");
    }
}

/// Measured by the engine's step counter, not by a clock.
#[tokio::test]
async fn what_a_page_costs_does_not_depend_on_how_few_entries_match() {
    let fixture = Fixture::new().await;
    let mut steps = Vec::new();
    for entries in [1_000, 20_000] {
        let writer = fixture.store.0.writer.lock().unwrap();
        writer.execute_batch("BEGIN").unwrap();
        // Two people, each with another kind of entry.
        for (who, kind) in [("ada", "start"), ("bob", "stop")] {
            let mut insert = writer
                .prepare("INSERT INTO audit (at, who, kind, runtime, version, reason) VALUES (0, ?1, ?2, 'r', 'v', '')")
                .unwrap();
            for _ in 0..entries {
                insert.execute((who, kind)).unwrap();
            }
        }
        writer.execute_batch("COMMIT").unwrap();
        let mut statement = writer.prepare(&statement_of(&["who", "kind"])).unwrap();
        let found = statement.query_map((i64::MAX, "ada", "stop"), |row| row.get::<_, i64>(0)).unwrap().count();
        assert_eq!(found, 0);
        steps.push(statement.get_status(rusqlite::StatementStatus::VmStep));
    }
    assert_eq!(steps[0], steps[1]);
}
