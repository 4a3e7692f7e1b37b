//! The model of a manifest, the same for both formats: KRT v1 is converted right after parsing, so that no later code
//! depends on the format of the file.
//!
//! Suggested reading order: [`texts`] (names, paths and the like), then the parts below, from [`Manifest`] down.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub(crate) mod forms;
mod texts;
pub use texts::{
    Description, FileName, Image, MemberPath, Method, NodeName, ProcessName, ProtoPath, StoreName, Subtopic,
    VariableName, VersionName, WorkflowName,
};

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

/// A checked manifest: [`Contents`] that follow every rule of KRT, so building Kubernetes objects from it cannot fail.
/// Only the check makes one: from text ([`crate::check`]), from contents (`TryFrom`), or from JSON, which goes through
/// contents. Afterwards, nothing can change it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Contents")]
pub struct Manifest(Contents);

impl Manifest {
    /// The manifest of contents in which the check found no error.
    pub(crate) fn of_checked(contents: Contents) -> Manifest {
        Manifest(contents)
    }

    /// Returns the contents, which may then be changed.
    pub fn into_contents(self) -> Contents {
        self.0
    }
}

impl Deref for Manifest {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.0
    }
}

impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Why a value does not belong in a manifest, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidManifest(pub(crate) String);

impl fmt::Display for InvalidManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidManifest {}

/// The contents of a `krt.yml`. Each value is valid by itself; together, they are only in a [`Manifest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub format: Format,
    pub version: VersionName,
    pub description: Description,
    pub entrypoint: Entrypoint,
    pub config: Config,
    /// At least one; names and gRPC methods unique.
    pub workflows: Vec<Workflow>,
}

/// The process that receives external requests; created by the system, one per version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrypoint {
    pub proto: ProtoPath,
    pub image: Image,
}

/// The configuration that a version needs before it can start. The server stores the values, never the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Names of environment variables, in manifest order, without duplicates.
    pub variables: Vec<VariableName>,
    /// Names of files, in manifest order, without duplicates; distinct from the variables.
    pub files: Vec<FileName>,
}

/// A named graph of nodes bound to one gRPC method of the entrypoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    pub name: WorkflowName,
    /// The gRPC method that starts it.
    pub entrypoint: Method,
    /// The node whose output answers the request (v1: the last of `sequential`).
    pub exitpoint: NodeName,
    /// At least one, in manifest order; names unique in the workflow.
    pub nodes: Vec<Node>,
}

/// One user process: an image that runs a source of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub name: NodeName,
    pub image: Image,
    /// The source or binary.
    pub src: MemberPath,
    #[serde(default, skip_serializing_if = "is_false")]
    pub gpu: bool,
    #[serde(default, skip_serializing_if = "is_one")]
    pub replicas: Replicas,
    /// Inputs of the node; at least one, each once.
    pub subscriptions: Vec<Subscription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_store: Option<ObjectStore>,
}

// Defaults are omitted from JSON: this halves the report of a manifest with thousands of nodes.

fn is_false(value: &bool) -> bool {
    !value
}

fn is_one(value: &Replicas) -> bool {
    *value == Replicas::default()
}

/// Desired number of pods of a node, at least 1 (0 and absent mean 1 in a manifest, as in KRE 8.2).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i32")]
pub struct Replicas(i32);

impl Replicas {
    /// Returns this number of pods.
    ///
    /// # Errors
    /// Fails when the number is less than 1.
    pub fn new(number: i32) -> Result<Replicas, InvalidManifest> {
        let why = || InvalidManifest(format!("{number} is not a number of replicas: the minimum is 1"));
        (number >= 1).then_some(Replicas(number)).ok_or_else(why)
    }

    /// Returns the number, at least 1.
    pub fn get(self) -> i32 {
        self.0
    }
}

impl Default for Replicas {
    fn default() -> Replicas {
        Replicas(1)
    }
}

impl TryFrom<i32> for Replicas {
    type Error = InvalidManifest;

    fn try_from(number: i32) -> Result<Replicas, InvalidManifest> {
        Replicas::new(number)
    }
}

impl fmt::Debug for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// One input of a node: `entrypoint`, another node, or a subtopic of another node (`node.subtopic`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subscription {
    /// The entrypoint or a node of the same workflow.
    pub node: ProcessName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtopic: Option<Subtopic>,
}

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subtopic {
            Some(subtopic) => write!(f, "{}.{subtopic}", self.node),
            None => f.write_str(&self.node),
        }
    }
}

/// The object store that a node declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectStore {
    pub name: StoreName,
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
