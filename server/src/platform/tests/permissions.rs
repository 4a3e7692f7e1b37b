//! The permissions of every role for every operation, as one table.

use std::path::{Path, PathBuf};

use app::api::{Activity, Configurations, Frames, Logs, Manifests, Nodes, Objects, Runtimes, VersionActions, Versions};
use app::error::Error;
use app::model::{ActivityFilter, Caller, VersionFilter};
use krt::lifecycle::Action;

use super::fixture::{Fixture, body, request, runtime, upload};
use crate::packages::tests::fixture::package;

/// Calls every operation once as this caller.
async fn api(fixture: &Fixture, caller: &Caller) -> Vec<(&'static str, Result<(), Error>)> {
    let console = &fixture.console;
    // Each caller creates objects of its own, so that they do not conflict.
    let own = format!("of-{}", caller.name);
    let value = vec![("GREETING".to_owned(), own.clone())];
    vec![
        ("frame", console.frame(caller).await.map(drop)),
        ("list_runtimes", console.list_runtimes(caller, "").await.map(drop)),
        ("get_runtime", console.get_runtime(caller, "demo", VersionFilter::default()).await.map(drop)),
        ("create_runtime", console.create_runtime(caller, runtime(&own)).await.map(drop)),
        ("get_version", console.get_version(caller, "demo", "v1").await.map(drop)),
        ("get_manifest", console.get_manifest(caller, "demo", "v1").await.map(drop)),
        ("list_members", console.list_members(caller, "demo", "v1", 0).await.map(drop)),
        ("list_nodes", console.list_nodes(caller, "demo", "v1", 0).await.map(drop)),
        ("get_graph", console.get_graph(caller, "demo", "v1", "greeting").await.map(drop)),
        ("get_configuration", console.get_configuration(caller, "demo", "v1", 0).await.map(drop)),
        ("set_configuration", console.set_configuration(caller, "demo", "v2", value).await),
        ("get_value", console.get_value(caller, "demo", "v2", "GREETING").await.map(drop)),
        ("list_objects", console.list_objects(caller, "demo", "v1", "").await.map(drop)),
        ("list_logs", console.list_logs(caller, "demo", "v1", 0).await.map(drop)),
        ("open_logs", console.open_logs(caller, "demo", "v1").await.map(drop)),
        ("preview_action", console.preview_action(caller, "demo", "v1", Action::Start).await.map(drop)),
        ("list_activity", console.list_activity(caller, ActivityFilter::default()).await.map(drop)),
        ("upload", console.upload(caller, "demo", upload(""), body(&package(&own))).await.map(drop)),
        ("open_package", console.open_package(caller, "demo", "v1").await.map(drop)),
        ("take_action", console.take_action(caller, request(Action::Archive, &own)).await),
    ]
}

fn said(result: &Result<(), Error>) -> String {
    match result {
        Ok(()) => "yes".to_owned(),
        Err(error) => error.status().to_string(),
    }
}

#[tokio::test]
async fn the_matrix_of_roles_and_operations() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    let mut table = format!("{:20} viewer manager admin\n", "");
    let mut columns = Vec::new();
    for caller in [&fixture.viewer, &fixture.manager, &fixture.admin] {
        columns.push(api(&fixture, caller).await);
    }
    for ((viewer, manager), admin) in columns[0].iter().zip(&columns[1]).zip(&columns[2]) {
        table += &format!("{:20} {:6} {:7} {}\n", viewer.0, said(&viewer.1), said(&manager.1), said(&admin.1));
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn the_matrix_contains_every_operation() {
    let fixture = Fixture::with_versions(&["v1", "v2"]).await;
    let known: Vec<_> = api(&fixture, &fixture.admin).await.into_iter().map(|(name, _)| name).collect();
    let of_the_traits = methods(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/src/api")));
    assert!(of_the_traits.len() > 10, "the traits were not found");
    for name in of_the_traits {
        assert!(known.contains(&name.as_str()), "{name} is not in the matrix");
    }
}

/// The names of the methods of all traits in this folder.
fn methods(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_entry = |path: PathBuf| {
        if path.is_dir() {
            return methods(&path);
        }
        let source = std::fs::read_to_string(path).unwrap();
        // Server functions are public; methods of a trait need not say so.
        let name = |line: &str| Some(line.trim().strip_prefix("async fn ")?.split_once('(')?.0.to_owned());
        source.lines().filter_map(name).collect()
    };
    entries.flat_map(of_entry).collect()
}

#[tokio::test]
async fn every_operation_answers_not_found_for_missing_objects() {
    let fixture = Fixture::with_versions(&["v1"]).await;
    let (console, caller) = (&fixture.console, &fixture.admin);
    for (runtime, version) in [("nowhere", "v1"), ("demo", "v9"), ("", ""), ("demo", "v1' OR 1=1 --")] {
        let mut action = request(Action::Start, version);
        action.runtime = runtime.to_owned();
        let value = vec![("GREETING".to_owned(), String::new())];
        let answers = [
            console.get_version(caller, runtime, version).await.map(drop),
            console.get_manifest(caller, runtime, version).await.map(drop),
            console.list_members(caller, runtime, version, 0).await.map(drop),
            console.list_nodes(caller, runtime, version, 0).await.map(drop),
            console.get_graph(caller, runtime, version, "greeting").await.map(drop),
            console.get_value(caller, runtime, version, "GREETING").await.map(drop),
            console.open_logs(caller, runtime, version).await.map(drop),
            console.get_configuration(caller, runtime, version, 0).await.map(drop),
            console.set_configuration(caller, runtime, version, value).await,
            console.list_objects(caller, runtime, version, "").await.map(drop),
            console.list_logs(caller, runtime, version, 0).await.map(drop),
            console.preview_action(caller, runtime, version, Action::Stop).await.map(drop),
            console.take_action(caller, action).await,
            console.open_package(caller, runtime, version).await.map(drop),
        ];
        for (number, answer) in answers.iter().enumerate() {
            assert_eq!(said(answer), "404", "{runtime}/{version}, answer {number}");
        }
    }
    assert_eq!(said(&console.get_runtime(caller, "nowhere", VersionFilter::default()).await.map(drop)), "404");
    let answer = console.upload(caller, "nowhere", upload(""), body(&package("v2"))).await;
    assert_eq!(said(&answer.map(drop)), "404");
}
