//! A workflow as an SVG file, for workflows with too many nodes for the version's page. The file is self-contained: no
//! script, no style sheet; the health of the nodes is that of the moment of the request.

use std::fmt::Write;

use krt::graph::{Edge, NodeKind, Placed, layout};

use super::node_health::{Nature, NodeHealth, natures, node_healths};
use crate::model::WorkflowPicture;

/// Maximum number of nodes drawn: the layout takes some seconds of one core, and no screen shows more.
const MOST_NODES: usize = 10_000;

/// Maximum number of arrows drawn.
const MOST_ARROWS: usize = 20_000;

/// Maximum size of the file in bytes; 10,000 nodes take about 4 MB.
pub const MOST_BYTES: usize = 8_000_000;

/// Returns the file, or `None` when the workflow exceeds a limit and would not be readable.
pub fn svg(picture: &WorkflowPicture) -> Option<String> {
    let WorkflowPicture { workflow, nodes } = picture;
    let arrows: usize = workflow.nodes.iter().map(|node| node.subscriptions.len()).sum();
    if workflow.nodes.len() > MOST_NODES || arrows > MOST_ARROWS {
        return None;
    }
    let layout = layout(workflow);
    let (width, height) = (layout.width, layout.height);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#20242c\"><title>Workflow {}</title>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/><g fill=\"none\" stroke=\"#8a93a3\">",
        escape(&workflow.name)
    );
    layout.edges.iter().for_each(|edge| arrow(&mut svg, edge));
    svg += "</g>";
    let node_healths = node_healths(&layout, &workflow.name, nodes);
    for ((placed, nature), node_health) in layout.nodes.iter().zip(natures(workflow)).zip(node_healths) {
        card(&mut svg, placed, &nature, &node_health);
        if svg.len() > MOST_BYTES {
            return None;
        }
    }
    svg += "</svg>";
    Some(svg)
}

fn arrow(svg: &mut String, edge: &Edge) {
    let dashes = if edge.subtopic.is_some() { " stroke-dasharray=\"4 3\"" } else { "" };
    let head = edge.points.last().map(|(x, y)| format!("M{} {}L{x} {y}L{} {}", x - 7, y - 4, x - 7, y + 4));
    // Writing into a String cannot fail.
    let _ = write!(svg, "<path{dashes} d=\"{}{}\"/>", edge.path(), head.unwrap_or_default());
}

fn card(svg: &mut String, placed: &Placed, nature: &Nature, node_health: &NodeHealth) {
    let Placed { x, y, width, height, kind, .. } = *placed;
    let corner = if kind == NodeKind::Entrypoint { height / 2 } else { 8 };
    let stroke = match node_health.class() {
        "is-error" => "#c62a2f",
        "is-starting" => "#a36a00",
        "is-started" => "#1a7f4b",
        _ => "#8a93a3",
    };
    let _ = write!(
        svg,
        "<g transform=\"translate({x} {y})\"><title>{}: {}</title><rect width=\"{width}\" height=\"{height}\" rx=\"{corner}\" \
         fill=\"#fff\" stroke=\"{stroke}\" stroke-width=\"2\"/><text x=\"18\" y=\"22\" font-weight=\"600\">{}</text>\
         <text x=\"18\" y=\"39\">{}</text><text x=\"{}\" y=\"22\" text-anchor=\"end\">{}</text></g>",
        escape(&placed.name),
        escape(&node_health.words()),
        escape(&placed.label),
        escape(&node_health.line(nature)),
        width - 12,
        node_health.sign(),
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
