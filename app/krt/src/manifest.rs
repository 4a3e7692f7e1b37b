//! The model of a manifest, the same for both formats: KRT v1 is converted right after parsing, so that no later code
//! depends on the format of the file.

use serde::{Deserialize, Serialize};

/// The format a manifest was written in (`krtVersion`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Nodes listed once, workflows in `sequential` order.
    V1,
    /// Nodes inside their workflow, linked by `subscriptions`.
    V2,
}

impl Format {
    /// Returns `v1` or `v2`, as written in `krtVersion`.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::V1 => "v1",
            Format::V2 => "v2",
        }
    }
}

/// The contents of a checked `krt.yml`. Only [`crate::check`] creates a `Manifest` from text, so its names, references
/// and numbers follow the rules of the format, and building Kubernetes objects from a `Manifest` cannot fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: Format,
    /// Name of the version: a lowercase DNS label of 1 to 19 characters.
    pub version: String,
    /// Not empty; plain text, shown escaped.
    pub description: String,
    pub entrypoint: Entrypoint,
    pub config: Config,
    /// At least one; names and gRPC methods unique.
    pub workflows: Vec<Workflow>,
}

/// The process that receives external requests; created by the system, one per version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrypoint {
    /// Path of the `.proto` file inside the package.
    pub proto: String,
    /// Container image reference.
    pub image: String,
}

/// The configuration that a version needs before it can start. The server stores the values, never the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Names of environment variables (`^[A-Z0-9]([_A-Z0-9]*[A-Z0-9])?$`), in manifest order, without duplicates.
    pub variables: Vec<String>,
    /// Names of files, in manifest order, without duplicates; distinct from the variables.
    pub files: Vec<String>,
}

/// A named graph of nodes bound to one gRPC method of the entrypoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    pub name: String,
    /// The gRPC method that starts it.
    pub entrypoint: String,
    /// Name of the node whose output answers the request (v1: the last of `sequential`).
    pub exitpoint: String,
    /// At least one, in manifest order; names unique in the workflow.
    pub nodes: Vec<Node>,
}

/// One user process: an image that runs a source of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub name: String,
    pub image: String,
    /// Path of the source or binary inside the package.
    pub src: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub gpu: bool,
    /// Desired number of pods, at least 1 (0 and absent mean 1, as in KRE 8.2).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub replicas: i32,
    /// Inputs of the node; at least one.
    pub subscriptions: Vec<Subscription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_store: Option<ObjectStore>,
}

// Defaults are omitted from JSON: this halves the report of a manifest with thousands of nodes.

fn is_false(value: &bool) -> bool {
    !value
}

fn is_one(value: &i32) -> bool {
    *value == 1
}

fn one() -> i32 {
    1
}

/// One input of a node: `entrypoint`, another node, or a subtopic of another node (`node.subtopic`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subscription {
    /// `entrypoint` or the name of a node of the same workflow.
    pub node: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtopic: Option<String>,
}

/// The object store that a node declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectStore {
    pub name: String,
    pub scope: ObjectStoreScope,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectStoreScope {
    Workflow,
    Project,
}

/// The name of the entrypoint in `subscriptions`; no node may have this name.
pub const ENTRYPOINT: &str = "entrypoint";
