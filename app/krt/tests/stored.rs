//! Manifests from JSON: accepted only if the check accepts the same contents as text.

use krt::check::{Options, analyze};
use krt::manifest::{Manifest, NodeName, Replicas};
use serde_json::{Value, json};

const MANIFEST: &str = include_str!("manifests/valid/v2.yml");

/// The JSON of a valid manifest with the value at this pointer replaced; `Value::Null` removes it.
fn with(json: &Value, pointer: &str, value: &Value) -> Value {
    let mut json = json.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}")) {
        Value::Object(parent) if value.is_null() => assert!(parent.remove(key).is_some(), "{pointer}"),
        Value::Object(parent) => drop(parent.insert(key.to_owned(), value.clone())),
        Value::Array(list) if key == "-" => list.push(value.clone()),
        parent => panic!("{pointer}: {parent}"),
    }
    json
}

fn valid() -> Value {
    serde_json::to_value(analyze(MANIFEST, Options::MANIFEST).manifest.unwrap()).unwrap()
}

#[test]
fn json_of_an_invalid_manifest_is_refused_with_a_reason() {
    let valid = valid();
    assert!(serde_json::from_value::<Manifest>(valid.clone()).is_ok());
    let workflow = valid["workflows"][0].clone();
    let node = workflow["nodes"][0].clone();
    let with_method = |method: &str| with(&workflow, "/entrypoint", &json!(method));
    for (pointer, value, why) in [
        ("/version", json!("Not A Label"), "\"Not A Label\" is not a name for a version"),
        ("/version", json!("active-entrypoint"), "is not a name for a version"),
        ("/version", Value::Null, "missing field `version`"),
        ("/description", json!(""), "is not a description of 1 to 20,000 characters"),
        ("/description", json!("x".repeat(20_001)), "is not a description"),
        ("/entrypoint/proto", json!("../a.proto"), "is not the path of a .proto file"),
        ("/entrypoint/proto", json!("a.txt"), "is not the path of a .proto file"),
        ("/entrypoint/image", json!("a b"), "is not an image reference"),
        ("/config/variables/-", json!("lower"), "is not a name for a variable"),
        ("/config/variables", json!(["A", "A"]), "a variable is listed twice"),
        ("/config/files", json!(["..x"]), "is not a name for a file"),
        ("/config/files", json!(["a", "a"]), "a file is listed twice"),
        ("/config", json!({ "variables": ["A"], "files": ["A"] }), "`A` is both a variable and a file"),
        ("/workflows", json!([]), "the manifest has no workflows"),
        ("/workflows/-", with_method("Other"), "a second workflow is named"),
        ("/workflows/-", with(&workflow, "/name", &json!("other")), "already starts another workflow"),
        ("/workflows/0/name", json!("x".repeat(20)), "is not a name for a workflow"),
        ("/workflows/0/entrypoint", json!("pkg.Service/Do"), "is not the name of a gRPC method"),
        ("/workflows/0/exitpoint", json!("nobody"), "has no node `nobody` for its `exitpoint`"),
        ("/workflows/0/nodes", json!([]), "has no nodes"),
        ("/workflows/0/nodes/-", node, "a second node of"),
        ("/workflows/0/nodes/0/name", json!("entrypoint"), "is not a name for a node"),
        ("/workflows/0/nodes/0/image", json!("a/B"), "is not an image reference"),
        ("/workflows/0/nodes/0/src", json!("/etc/passwd"), "is not the path of a file in the package"),
        ("/workflows/0/nodes/0/replicas", json!(0), "0 is not a number of replicas"),
        ("/workflows/0/nodes/0/replicas", json!(-1), "-1 is not a number of replicas"),
        ("/workflows/0/nodes/0/subscriptions", json!([]), "has no subscriptions"),
        ("/workflows/0/nodes/0/subscriptions/-", json!({ "node": "nobody" }), "has no node `nobody` to subscribe to"),
        ("/workflows/0/nodes/0/subscriptions/-", json!({ "node": "entrypoint" }), "has a subscription twice"),
        ("/workflows/0/nodes/0/subscriptions/-", json!({ "node": "a.b" }), "is not `entrypoint` or the name of a node"),
        (
            "/workflows/0/nodes/0/subscriptions/-",
            json!({ "node": "entrypoint", "subtopic": "a" }),
            "the entrypoint has no subtopics",
        ),
        (
            "/workflows/0/nodes/0/object_store",
            json!({ "name": "A", "scope": "project" }),
            "is not a name for an object store",
        ),
    ] {
        let refused = serde_json::from_value::<Manifest>(with(&valid, pointer, &value));
        let error = refused.expect_err(&format!("{pointer} = {value}")).to_string();
        assert!(error.contains(why), "{pointer} = {value}: {error}");
    }
}

#[test]
fn a_v1_manifest_keeps_the_rules_of_its_format() {
    let v1 = analyze(include_str!("manifests/valid/v1.yml"), Options::MANIFEST).manifest.unwrap();
    let v1 = serde_json::to_value(v1).unwrap();
    assert!(serde_json::from_value::<Manifest>(v1.clone()).is_ok());
    let refused =
        serde_json::from_value::<Manifest>(with(&v1, "/config", &json!({ "variables": [], "files": ["a.b"] })));
    assert!(refused.unwrap_err().to_string().contains("the file name `a.b` may contain only uppercase letters"));
}

#[test]
fn a_manifest_of_ten_thousand_nodes_is_read() {
    let node = |number: usize| {
        let before = if number == 0 { "entrypoint".to_owned() } else { format!("n{}", number - 1) };
        json!({ "name": format!("n{number}"), "image": "a/b", "src": "a", "subscriptions": [{ "node": before }] })
    };
    let nodes = (0..10_000).map(node).collect::<Vec<_>>();
    let json = with(&with(&valid(), "/workflows/0/nodes", &json!(nodes)), "/workflows/0/exitpoint", &json!("n9999"));
    let manifest = serde_json::from_value::<Manifest>(json).unwrap();
    assert_eq!(manifest.workflows[0].nodes.len(), 10_000);
}

#[test]
fn values_are_made_only_in_their_form() {
    assert_eq!(NodeName::new("etl").unwrap(), "etl");
    assert_eq!(NodeName::new("ETL").unwrap_err().to_string(), "\"ETL\" is not a name for a node");
    assert_eq!(Replicas::new(3).unwrap().get(), 3);
    assert!(Replicas::new(0).is_err());
}
