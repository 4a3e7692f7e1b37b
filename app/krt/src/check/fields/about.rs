//! Help texts for missing keys.

/// The help for a missing or empty key.
pub(super) fn about(key: &str) -> Option<&'static str> {
    Some(match key {
        "version" => "add the name of this version: `version: my-version-1`",
        "description" => "add a sentence about this version: `description: …`",
        "entrypoint" => {
            "add the entrypoint: a `proto` and an `image`, or for a workflow the gRPC method that starts it"
        }
        "proto" => "add the path of the .proto file in the package: `proto: public_input.proto`",
        "image" => "add the container image: `image: konstellation/kre-py:latest`",
        "src" => "add the path of the source or binary in the package: `src: src/etl/main.py`",
        "workflows" => "add a list of workflows, each with `name` and `entrypoint`",
        "nodes" => "add a list of nodes, each with `name`, `image` and `src`",
        "sequential" => "list the names of the nodes in the order they run",
        "exitpoint" => "add the name of the node whose output answers the request",
        "subscriptions" => "add what the node listens to: `entrypoint` or the names of other nodes",
        "scope" => "write `workflow` or `project`, or remove the key",
        "name" => "add a name made of lowercase letters, digits and `-`",
        _ => return None,
    })
}
