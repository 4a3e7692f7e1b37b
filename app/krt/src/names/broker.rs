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
    match &subscription.subtopic {
        Some(subtopic) => format!("{}.{subtopic}", subject(stream, &subscription.node)),
        None => subject(stream, &subscription.node),
    }
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

    fn subscription(node: &str, subtopic: Option<&str>) -> Subscription {
        Subscription { node: node.to_owned(), subtopic: subtopic.map(str::to_owned) }
    }

    fn node(name: &str, subscriptions: Vec<Subscription>) -> Node {
        Node {
            name: name.to_owned(),
            image: "konstellation/kre-py:latest".to_owned(),
            src: "src/main.py".to_owned(),
            gpu: false,
            replicas: 1,
            subscriptions,
            object_store: None,
        }
    }

    #[test]
    fn subjects_match_those_of_the_runners() {
        let stream = stream("demo", "classificator-v1", "Classificator");
        assert_eq!(stream, "demo_classificator-v1_Classificator");
        let inputs = vec![subscription("etl", None), subscription("email-classificator", Some("repairs"))];
        let joined = node("join", inputs);
        assert_eq!(
            input_subjects(&stream, &joined),
            "demo_classificator-v1_Classificator.etl,demo_classificator-v1_Classificator.email-classificator.repairs"
        );
        let workflow = Workflow {
            name: "classificator".to_owned(),
            entrypoint: "Classificator".to_owned(),
            exitpoint: "join".to_owned(),
            nodes: vec![node("etl", vec![subscription(ENTRYPOINT, None)]), joined],
        };
        assert_eq!(stream_subjects("S", &workflow), ["S.etl", "S.etl.*", "S.join", "S.join.*", "S.entrypoint"]);
    }

    #[test]
    fn stores_are_named_after_their_scope() {
        let mut store = ObjectStore { name: "emails".to_owned(), scope: ObjectStoreScope::Workflow };
        assert_eq!(object_store("demo", "v1", "descriptor", &store), "demo_v1_descriptor_emails");
        store.scope = ObjectStoreScope::Project;
        assert_eq!(object_store("demo", "v1", "descriptor", &store), "demo_v1_emails");
        assert_eq!(key_value_store_of_node("demo", "v1", "descriptor", "etl"), "key-store_demo_v1_descriptor_etl");
    }
}
