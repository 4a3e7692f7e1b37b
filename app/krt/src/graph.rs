//! Lays out the graph of one workflow, left to right: the places of nodes and edges.
//!
//! The steps are those of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
//! structures", 1981): layers, bends for long edges, an order with few crossings, coordinates, routes. Each is nearly
//! linear in nodes and edges, and uses only integers or the four exact operations of IEEE 754, so that server and
//! browser draw identical pictures.

mod shape;
pub use shape::{ANSWERS, flavour, shorten};

mod sort;

mod links;

mod layers;

mod bends;

mod order;

mod rows;

mod route;

use crate::manifest::ENTRYPOINT;
use crate::outline::WorkflowOutline;

/// The layout of a workflow, in CSS pixels; integers, so that server and browser render the same text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// The entrypoint first, then the nodes in manifest order.
    pub nodes: Vec<Placed>,
    pub edges: Vec<Edge>,
}

/// The place of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub name: String,
    /// The name as drawn: shortened in the middle when too long.
    pub label: String,
    pub kind: NodeKind,
    /// Column, from 0 (the entrypoint's).
    pub layer: usize,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// The role of a process in its workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    Entrypoint,
    Node,
    /// The node whose output answers the request.
    Exitpoint,
}

/// One subscription, drawn from the publishing to the subscribing process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index in [`Layout::nodes`].
    pub from: usize,
    /// Index in [`Layout::nodes`].
    pub to: usize,
    pub subtopic: Option<String>,
    /// A start point, then three points for each cubic Bézier curve.
    pub points: Vec<(i32, i32)>,
    /// The center of the subtopic's name, which is drawn on the line.
    pub label: (i32, i32),
}

impl Edge {
    /// Returns the `d` attribute of the SVG path.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (at, (x, y)) in self.points.iter().enumerate() {
            let before = match at {
                0 => "M",
                1 => "C",
                _ => " ",
            };
            path += &format!("{before}{x} {y}");
        }
        path
    }
}

/// Lays out a workflow. Works for any workflow: cycles are drawn as loops below, nodes without inputs are placed beside
/// the first ones.
pub fn layout(workflow: &WorkflowOutline) -> Layout {
    let links = links::links(workflow);
    let columns = layers::layers(workflow.nodes.len() + 1, &links);
    let mut nodes = shape::cards(workflow, &columns.layer_of);
    let mut grid = bends::bends(columns, &links);
    order::reduce_crossings(&mut grid);
    let middles = rows::middles(&grid, &nodes);
    let (edges, width, height) = route::draw(&grid, &links, &mut nodes, &middles);
    Layout { width, height, nodes, edges }
}

/// Returns the processes of a workflow in layout order: the entrypoint, then the nodes.
fn processes(workflow: &WorkflowOutline) -> impl Iterator<Item = (&str, NodeKind)> {
    let nodes = workflow.nodes.iter().map(|node| {
        let kind = if node.name == workflow.exitpoint { NodeKind::Exitpoint } else { NodeKind::Node };
        (node.name.as_str(), kind)
    });
    [(ENTRYPOINT, NodeKind::Entrypoint)].into_iter().chain(nodes)
}

#[cfg(test)]
mod tests;
