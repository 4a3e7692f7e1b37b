//! A workflow as a graph, left to right, with the health of each node.

use krt::manifest::Workflow;
use leptos::prelude::*;

use crate::model::NodeLive;

/// The graph of a workflow. `nodes` are the live processes of its version (those of other workflows are ignored);
/// empty before anything runs.
#[component]
pub fn WorkflowGraph(workflow: Workflow, #[prop(into)] nodes: Signal<Vec<NodeLive>>) -> impl IntoView {
    let _ = nodes;
    view! { <div class="graph" role="img" aria-label=workflow.name></div> }
}
