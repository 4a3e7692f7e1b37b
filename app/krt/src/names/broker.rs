//! Names in the broker (NATS JetStream), as the runner images of KRE 8.2 expect them in their environment and in
//! `nats_subject.json`. Names in a manifest contain neither `_` nor `.`, so these names are unambiguous.

use crate::manifest::{ENTRYPOINT, Node, ObjectStore, ObjectStoreScope, Subscription, Workflow};

/// Returns the stream of a workflow, named after its gRPC method.
pub fn stream(runtime: &str, version: &str, method: &str) -> String {
    format!("{runtime}_{version}_{method}")
}

/// Returns the subject that a node publishes to; the response is read from the exitpoint's subject.
pub fn subject(stream: &str, node: &str) -> String {
    format!("{stream}.{node}")
}

/// Returns the subject that the entrypoint publishes requests to.
pub fn entrypoint_subject(stream: &str) -> String {
    subject(stream, ENTRYPOINT)
}

/// Returns the subject of a subscription: `S.node` or `S.node.subtopic`.
pub fn subscribed_subject(stream: &str, subscription: &Subscription) -> String {
    format!("{stream}.{subscription}")
}

/// Returns `KRT_NATS_INPUTS` of a node: the subjects of its subscriptions, comma-separated.
pub fn input_subjects(stream: &str, node: &Node) -> String {
    let subjects: Vec<_> = node.subscriptions.iter().map(|input| subscribed_subject(stream, input)).collect();
    subjects.join(",")
}

/// Returns every subject of a workflow's stream: each node's own and its subtopics, and the entrypoint's.
pub fn stream_subjects(stream: &str, workflow: &Workflow) -> Vec<String> {
    let of_nodes = workflow.nodes.iter().flat_map(|node| {
        let own = subject(stream, &node.name);
        let subtopics = format!("{own}.*");
        [own, subtopics]
    });
    of_nodes.chain([entrypoint_subject(stream)]).collect()
}

/// Returns `KRT_NATS_KEY_VALUE_STORE_PROJECT`.
pub fn key_value_store_of_version(runtime: &str, version: &str) -> String {
    format!("key-store_{runtime}_{version}")
}

/// Returns `KRT_NATS_KEY_VALUE_STORE_WORKFLOW`.
pub fn key_value_store_of_workflow(runtime: &str, version: &str, workflow: &str) -> String {
    format!("{}_{workflow}", key_value_store_of_version(runtime, version))
}

/// Returns `KRT_NATS_KEY_VALUE_STORE_NODE`.
pub fn key_value_store_of_node(runtime: &str, version: &str, workflow: &str, node: &str) -> String {
    format!("{}_{node}", key_value_store_of_workflow(runtime, version, workflow))
}

/// Returns `KRT_NATS_OBJECT_STORE` of a node with an object store; nodes with the same name and scope share a store.
pub fn object_store(runtime: &str, version: &str, workflow: &str, store: &ObjectStore) -> String {
    match store.scope {
        ObjectStoreScope::Workflow => format!("{runtime}_{version}_{workflow}_{}", store.name),
        ObjectStoreScope::Project => format!("{runtime}_{version}_{}", store.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Analysis, Options, analyze};
    use crate::manifest::Manifest;

    const MANIFEST: &str = "krtVersion: v2
version: classificator-v1
description: Two nodes.
entrypoint: {proto: a.proto, image: a}
workflows:
- name: classificator
  entrypoint: Classificator
  exitpoint: join
  nodes:
  - {name: etl, image: a, src: a, subscriptions: [entrypoint], objectStore: {name: emails, scope: workflow}}
  - {name: join, image: a, src: a, subscriptions: [etl, etl.repairs], objectStore: {name: emails, scope: project}}
";

    fn manifest() -> Manifest {
        let Analysis { manifest, diagnostics, .. } = analyze(MANIFEST, Options::MANIFEST);
        manifest.unwrap_or_else(|| panic!("{diagnostics:?}"))
    }

    #[test]
    fn subjects_match_those_of_the_runners() {
        let stream = stream("demo", "classificator-v1", "Classificator");
        assert_eq!(stream, "demo_classificator-v1_Classificator");
        let manifest = manifest();
        let workflow = &manifest.workflows[0];
        assert_eq!(
            input_subjects(&stream, &workflow.nodes[1]),
            "demo_classificator-v1_Classificator.etl,demo_classificator-v1_Classificator.etl.repairs"
        );
        assert_eq!(stream_subjects("S", workflow), ["S.etl", "S.etl.*", "S.join", "S.join.*", "S.entrypoint"]);
    }

    #[test]
    fn stores_are_named_after_their_scope() {
        let manifest = manifest();
        let store = |node: usize| manifest.workflows[0].nodes[node].object_store.as_ref().unwrap();
        assert_eq!(object_store("demo", "v1", "descriptor", store(0)), "demo_v1_descriptor_emails");
        assert_eq!(object_store("demo", "v1", "descriptor", store(1)), "demo_v1_emails");
        assert_eq!(key_value_store_of_node("demo", "v1", "descriptor", "etl"), "key-store_demo_v1_descriptor_etl");
    }
}
