//! What pages show of a manifest: plain texts, cut or left out where a page has no room. A browser reads an outline
//! without the rules that a [`Manifest`] guarantees, and nothing is ever built from one.

use serde::{Deserialize, Serialize};

use crate::manifest::{Config, Format, Manifest, Node, Subscription, Workflow};

/// The outline of a [`Manifest`], with the same keys in JSON: the JSON of a manifest is also that of its outline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    pub format: Format,
    pub version: String,
    pub description: String,
    pub config: ConfigOutline,
    pub workflows: Vec<WorkflowOutline>,
}

/// The names of the variables and files that a version needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigOutline {
    pub variables: Vec<String>,
    pub files: Vec<String>,
}

/// A workflow to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowOutline {
    pub name: String,
    /// The gRPC method that starts it.
    pub entrypoint: String,
    /// Name of the node whose output answers the request.
    pub exitpoint: String,
    pub nodes: Vec<NodeOutline>,
}

/// A node to draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeOutline {
    pub name: String,
    pub image: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub gpu: bool,
    /// Desired number of pods.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub replicas: i32,
    pub subscriptions: Vec<InputOutline>,
}

/// One input of a node: `entrypoint`, another node, or a subtopic of another node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputOutline {
    pub node: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtopic: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_one(value: &i32) -> bool {
    *value == 1
}

fn one() -> i32 {
    1
}

impl From<&Manifest> for Outline {
    fn from(manifest: &Manifest) -> Outline {
        Outline {
            format: manifest.format,
            version: manifest.version.to_string(),
            description: manifest.description.to_string(),
            config: ConfigOutline::from(&manifest.config),
            workflows: manifest.workflows.iter().map(WorkflowOutline::from).collect(),
        }
    }
}

impl From<&Config> for ConfigOutline {
    fn from(config: &Config) -> ConfigOutline {
        ConfigOutline {
            variables: config.variables.iter().map(ToString::to_string).collect(),
            files: config.files.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<&Workflow> for WorkflowOutline {
    fn from(workflow: &Workflow) -> WorkflowOutline {
        WorkflowOutline {
            name: workflow.name.to_string(),
            entrypoint: workflow.entrypoint.to_string(),
            exitpoint: workflow.exitpoint.to_string(),
            nodes: workflow.nodes.iter().map(NodeOutline::from).collect(),
        }
    }
}

impl From<&Node> for NodeOutline {
    fn from(node: &Node) -> NodeOutline {
        NodeOutline {
            name: node.name.to_string(),
            image: node.image.to_string(),
            gpu: node.gpu,
            replicas: node.replicas.get(),
            subscriptions: node.subscriptions.iter().map(InputOutline::from).collect(),
        }
    }
}

impl From<&Subscription> for InputOutline {
    fn from(subscription: &Subscription) -> InputOutline {
        InputOutline {
            node: subscription.node.to_string(),
            subtopic: subscription.subtopic.as_ref().map(ToString::to_string),
        }
    }
}
