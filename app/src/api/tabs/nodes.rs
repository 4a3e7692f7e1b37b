//! The nodes of a version with too many nodes to draw on its page: the counts by health, the failing ones, and a paged
//! list of all.

use async_trait::async_trait;
use krt::outline::NodeOutline;
use leptos::prelude::*;

use super::here::{Here, place, short, when};
use crate::budget::cut;
use crate::components::Table;
use crate::error::Error;
use crate::labels;
use crate::model::{Caller, Health, NodeLive, NodesPage, WorkflowPicture};
use crate::paths;

#[async_trait]
pub trait Nodes {
    /// Returns a page of the nodes, starting after the first `from`.
    async fn list_nodes(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<NodesPage, Error>;

    /// Returns one workflow of any size with the health of its processes.
    async fn get_graph(
        &self,
        caller: &Caller,
        runtime: &str,
        version: &str,
        workflow: &str,
    ) -> Result<WorkflowPicture, Error>;
}

pub(super) fn html(page: NodesPage, here: &Here<'_>) -> String {
    let NodesPage { nodes, from, total, workflows, more_workflows, counts, troubles, read_at } = page;
    if total == 0 {
        return String::new();
    }
    let shown = nodes.len();
    let of = u32::try_from(workflows.len()).unwrap_or(u32::MAX).saturating_add(more_workflows);
    let many = format!(
        "This version has {} in {}, too many to draw here. Each workflow has a graph on a separate page:",
        labels::count(total as usize, "node"),
        labels::count(of as usize, "workflow")
    );
    let charts = workflows.into_iter().map(|(name, nodes)| {
        let href = paths::picture(here.runtime, here.version, &name);
        view! { <li><a href=href rel="external">{name}</a> " " <span class="quiet">{labels::count(nodes as usize, "node")}</span></li> }
    });
    let charts = charts.collect_view();
    let more = (more_workflows > 0).then(|| view! { <li>{format!("and {more_workflows} more")}</li> });
    let troubles = (!troubles.is_empty()).then(|| {
        let troubles = troubles.into_iter().map(|node| {
            let reason = node.reason.as_deref().map_or("unhealthy".to_owned(), short);
            view! { <li><b>{format!("{} / {}", node.workflow, node.node)}</b> " " {reason}</li> }
        });
        view! { <ul class="graph-troubles">{troubles.collect_view()}</ul> }
    });
    let rows = nodes.into_iter().map(row).collect_view();
    let [started, starting, error, stopped] = counts;
    let health = [(started, "started"), (starting, "starting"), (error, "unhealthy"), (stopped, "stopped")];
    let health = health.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let health = health.collect::<Vec<_>>().join(" · ");
    view! {
        <section class="card nodes" aria-labelledby="nodes-title">
            <header>
                <div>
                    <h2 id="nodes-title">"Nodes"</h2>
                    <p class="quiet">{many}</p>
                </div>
                {here.refresh_link(from, read_at)}
            </header>
            <ul class="nodes-charts">{charts} {more}</ul>
            <p class="nodes-health">{health} <span class="quiet">" as of " {when(read_at)}</span></p>
            {troubles}
            <Table label="Nodes" columns=&["Node", "Health", "Listens to", "Image"]>
                {rows}
            </Table>
            {here.pager(from, shown, total)}
            <p class="quiet none">{place(from, shown, total)}</p>
        </section>
    }
    .to_html()
}

fn row((workflow, node, live): (String, NodeOutline, Option<NodeLive>)) -> impl IntoView {
    let health = live.map_or("stopped".to_owned(), |live| {
        let ready = format!("{}/{}", live.ready, live.wanted);
        match live.health {
            Health::Stopped => "· stopped".to_owned(),
            Health::Starting => format!("◌ starting, {ready}"),
            Health::Started => format!("✓ started, {ready}"),
            Health::Error => format!("✕ unhealthy, {ready}"),
        }
    });
    let inputs = node.subscriptions.iter().take(20).map(|input| match &input.subtopic {
        Some(subtopic) => format!("{}.{subtopic}", input.node),
        None => input.node.clone(),
    });
    let inputs = cut(inputs.collect::<Vec<_>>().join(", "), 200);
    let more = node.subscriptions.len().saturating_sub(20);
    let more = (more > 0).then(|| format!(" and {more} more"));
    view! {
        <tr>
            <th scope="row" data-label="Node">{format!("{workflow} / {}", node.name)}</th>
            <td data-label="Health">{health}</td>
            <td data-label="Listens to">{inputs} {more}</td>
            <td data-label="Image"><code>{cut(node.image, 200)}</code></td>
        </tr>
    }
}
