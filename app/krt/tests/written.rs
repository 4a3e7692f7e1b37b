//! Round trips: a manifest that is written as YAML or JSON and read back is the same.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use krt::check::{Analysis, Options, analyze};
use krt::manifest::{
    Config, Contents, Description, Entrypoint, FileName, Format, Image, Manifest, MemberPath, Method, Node, NodeName,
    ObjectStore, ObjectStoreScope, ProcessName, ProtoPath, Replicas, StoreName, Subscription, Subtopic, VariableName,
    VersionName, Workflow, WorkflowName,
};
use krt::outline::Outline;
use proptest::prelude::*;
use serde::Serialize;

fn list(values: &[impl Serialize]) -> String {
    format!("[{}]", values.iter().map(|value| serde_json::to_string(value).unwrap()).collect::<Vec<_>>().join(", "))
}

/// Writes a manifest as v2, with strings in JSON escapes, which YAML reads alike.
fn written(manifest: &Manifest) -> String {
    let text = |value: &str| serde_json::to_string(value).unwrap();
    let Contents { version, description, entrypoint, config, workflows, .. } = &**manifest;
    let mut out = format!("krtVersion: v2\nversion: {}\ndescription: {}\n", text(version), text(description));
    let _ = writeln!(out, "entrypoint:\n  proto: {}\n  image: {}", text(&entrypoint.proto), text(&entrypoint.image));
    let _ = writeln!(out, "config:\n  variables: {}\n  files: {}", list(&config.variables), list(&config.files));
    let _ = writeln!(out, "workflows:");
    for Workflow { name, entrypoint, exitpoint, nodes } in workflows {
        let _ = writeln!(out, "- name: {}\n  entrypoint: {}", text(name), text(entrypoint));
        let _ = writeln!(out, "  exitpoint: {}\n  nodes:", text(exitpoint));
        for Node { name, image, src, gpu, replicas, subscriptions, object_store } in nodes {
            let inputs: Vec<String> = subscriptions.iter().map(ToString::to_string).collect();
            let _ = writeln!(out, "  - name: {}\n    image: {}\n    src: {}", text(name), text(image), text(src));
            let _ =
                writeln!(out, "    gpu: {gpu}\n    replicas: {}\n    subscriptions: {}", replicas.get(), list(&inputs));
            if let Some(ObjectStore { name, scope }) = object_store {
                let scope = if *scope == ObjectStoreScope::Workflow { "workflow" } else { "project" };
                let _ = writeln!(out, "    objectStore: {{name: {}, scope: {scope}}}", text(name));
            }
        }
    }
    out
}

fn same(manifest: &Manifest) -> Result<(), TestCaseError> {
    let text = written(manifest);
    let Analysis { manifest: found, diagnostics, .. } = analyze(&text, Options::default());
    prop_assert_eq!(found.as_ref(), Some(manifest), "{}\n{:?}", text, diagnostics);
    let json = serde_json::to_string(manifest).unwrap();
    let read = serde_json::from_str::<Manifest>(&json);
    prop_assert_eq!(read.as_ref().ok(), Some(manifest), "{}\n{:?}", json, read);
    let outline = serde_json::from_str::<Outline>(&json).unwrap();
    prop_assert_eq!(outline, Outline::from(manifest));
    Ok(())
}

/// The same manifest as v2.
fn as_v2(manifest: Manifest) -> Manifest {
    Manifest::try_from(Contents { format: Format::V2, ..manifest.into_contents() }).unwrap()
}

const NAME: &str = "[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?";

/// A node of a chain, named after its number so that its name is unique and differs from every subtopic.
fn node(number: usize) -> impl Strategy<Value = Node> {
    let image = "([a-z]{1,5}/)?[a-z]{1,8}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,5})?";
    let store = prop::option::of((NAME, any::<bool>()));
    (image, "[a-zA-Z0-9_]{1,6}(/[a-zA-Z0-9_ é]{1,6}){0,2}", any::<bool>(), 1..100, store).prop_map(
        move |(image, src, gpu, replicas, store)| {
            let scope = |is_shared| if is_shared { ObjectStoreScope::Project } else { ObjectStoreScope::Workflow };
            let node = if number == 0 { "entrypoint".to_owned() } else { format!("n{}", number - 1) };
            let node = ProcessName::new(node).unwrap();
            let subtopic = (number > 1).then(|| Subtopic::new("sub_topic").unwrap());
            let with_name = |(name, is_shared): (String, bool)| ObjectStore {
                name: StoreName::new(name).unwrap(),
                scope: scope(is_shared),
            };
            Node {
                name: NodeName::new(format!("n{number}")).unwrap(),
                image: Image::new(image).unwrap(),
                src: MemberPath::new(src).unwrap(),
                gpu,
                replicas: Replicas::new(replicas).unwrap(),
                subscriptions: vec![Subscription { node, subtopic }],
                object_store: store.map(with_name),
            }
        },
    )
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let nodes = (1..5usize).prop_flat_map(|count| (0..count).map(node).collect::<Vec<_>>());
    let flows = prop::collection::btree_map("[a-z][a-z0-9]{0,9}", ("[A-Z][A-Za-z0-9_]{0,12}", nodes), 1..4);
    let variables = prop::collection::btree_set("V[A-Z0-9]{0,6}", 0..4);
    let files = prop::collection::btree_set("F[A-Z0-9]{0,6}", 0..4);
    let described = "[^\\p{C}]{0,30}[a-z]";
    (NAME, described, variables, files, flows).prop_map(|(version, description, variables, files, flows)| {
        let workflow = |(number, (name, (entrypoint, nodes))): (usize, (String, (String, Vec<Node>)))| Workflow {
            name: WorkflowName::new(name).unwrap(),
            entrypoint: Method::new(format!("{entrypoint}_{number}")).unwrap(),
            exitpoint: nodes[nodes.len() - 1].name.clone(),
            nodes,
        };
        let contents = Contents {
            format: Format::V2,
            version: VersionName::new(version).unwrap(),
            description: Description::new(description).unwrap(),
            entrypoint: Entrypoint { proto: ProtoPath::new("a.proto").unwrap(), image: Image::new("a/b").unwrap() },
            config: Config {
                variables: variables.into_iter().map(|name| VariableName::new(name).unwrap()).collect(),
                files: files.into_iter().map(|name| FileName::new(name).unwrap()).collect(),
            },
            workflows: flows.into_iter().enumerate().map(workflow).collect(),
        };
        Manifest::try_from(contents).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: testing::cases(500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_written_manifest_is_read_back(manifest in manifest()) {
        same(&manifest)?;
    }
}

#[test]
fn written_fixtures_and_cases_are_read_back() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests/valid");
    let beside = support::shared("writing the shared cases").map(|shared| shared.join("cases"));
    let folders = [own].into_iter().chain(beside);
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if let Some(manifest) = analyze(&text, Options::MANIFEST).manifest {
            let json = serde_json::to_string(&manifest).unwrap();
            assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), manifest, "{}", path.display());
            same(&as_v2(manifest)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += 1;
        }
    }
    assert!(count > 0);
}
