//! Model to picture: where the nodes and edges of one workflow are drawn, left to right.

use crate::manifest::{ENTRYPOINT, Workflow};

/// The picture of a workflow, in CSS pixels; all numbers are whole, so that server and browser write the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// The entrypoint first, then the nodes in manifest order.
    pub nodes: Vec<Placed>,
    pub edges: Vec<Edge>,
}

/// Where one process is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub name: String,
    /// The name as drawn: shortened in the middle when it is very long.
    pub label: String,
    pub kind: Kind,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// What a process is to its workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Entrypoint,
    Node,
    /// Its output answers the request.
    Exitpoint,
}

/// One subscription, drawn from the process that writes to the one that listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index in [`Layout::nodes`].
    pub from: usize,
    /// Index in [`Layout::nodes`].
    pub to: usize,
    pub subtopic: Option<String>,
    /// A start point, then three points for each cubic Bézier curve.
    pub points: Vec<(i32, i32)>,
    /// The middle of the subtopic's name.
    pub label: (i32, i32),
}

/// Lays a workflow out.
pub fn layout(workflow: &Workflow) -> Layout {
    let entrypoint = (ENTRYPOINT, Kind::Entrypoint);
    let nodes = workflow.nodes.iter().map(|node| (node.name.as_str(), Kind::Node));
    let nodes = [entrypoint].into_iter().chain(nodes).enumerate().map(|(at, (name, kind))| Placed {
        name: name.to_owned(),
        label: name.to_owned(),
        kind,
        x: at as i32 * 200,
        y: 0,
        width: 150,
        height: 52,
    });
    let nodes: Vec<_> = nodes.collect();
    Layout { width: nodes.len() as i32 * 200, height: 52, nodes, edges: Vec::new() }
}
