//! Names in the broker (NATS JetStream), as the runner images of KRE 8.2 expect them in their environment and in
//! `nats_subject.json`. Names of the format hold no `_` and no `.`, so none of these is ambiguous.

use crate::manifest::{ENTRYPOINT, Node, ObjectStore, ObjectStoreScope, Subscription, Workflow};

/// The stream of a workflow, named by its gRPC method.
pub fn stream(runtime: &str, version: &str, method: &str) -> String {
    format!("{runtime}_{version}_{method}")
}

/// What a node writes to, and what its exitpoint's answer is read from.
pub fn subject(stream: &str, node: &str) -> String {
    format!("{stream}.{node}")
}

/// What the entrypoint writes requests to.
pub fn entrypoint_subject(stream: &str) -> String {
    subject(stream, ENTRYPOINT)
}

/// What a subscription listens to: `S.node` or `S.node.subtopic`.
pub fn subscribed_subject(stream: &str, subscription: &Subscription) -> String {
    match &subscription.subtopic {
        Some(subtopic) => format!("{}.{subtopic}", subject(stream, &subscription.node)),
        None => subject(stream, &subscription.node),
    }
}

/// `KRT_NATS_INPUTS` of a node: its subscriptions as subjects, comma-separated.
pub fn input_subjects(stream: &str, node: &Node) -> String {
    let subjects: Vec<_> = node.subscriptions.iter().map(|input| subscribed_subject(stream, input)).collect();
    subjects.join(",")
}

/// Every subject of a workflow's stream: each node's own and its subtopics, and the entrypoint's.
pub fn stream_subjects(stream: &str, workflow: &Workflow) -> Vec<String> {
    let of_nodes = workflow.nodes.iter().flat_map(|node| {
        let own = subject(stream, &node.name);
        let subtopics = format!("{own}.*");
        [own, subtopics]
    });
    of_nodes.chain([entrypoint_subject(stream)]).collect()
}

/// `KRT_NATS_KEY_VALUE_STORE_PROJECT`.
pub fn key_value_store_of_version(runtime: &str, version: &str) -> String {
    format!("key-store_{runtime}_{version}")
}

/// `KRT_NATS_KEY_VALUE_STORE_WORKFLOW`.
pub fn key_value_store_of_workflow(runtime: &str, version: &str, workflow: &str) -> String {
    format!("{}_{workflow}", key_value_store_of_version(runtime, version))
}

/// `KRT_NATS_KEY_VALUE_STORE_NODE`.
pub fn key_value_store_of_node(runtime: &str, version: &str, workflow: &str, node: &str) -> String {
    format!("{}_{node}", key_value_store_of_workflow(runtime, version, workflow))
}

/// `KRT_NATS_OBJECT_STORE` of a node that declares one; nodes that name the same store in the same scope share it.
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
    fn subjects_are_those_that_the_runners_expect() {
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
    fn stores_are_named_by_their_scope() {
        let mut store = ObjectStore { name: "emails".to_owned(), scope: ObjectStoreScope::Workflow };
        assert_eq!(object_store("demo", "v1", "descriptor", &store), "demo_v1_descriptor_emails");
        store.scope = ObjectStoreScope::Project;
        assert_eq!(object_store("demo", "v1", "descriptor", &store), "demo_v1_emails");
        assert_eq!(key_value_store_of_node("demo", "v1", "descriptor", "etl"), "key-store_demo_v1_descriptor_etl");
    }
}
