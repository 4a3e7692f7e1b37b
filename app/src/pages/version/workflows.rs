//! The workflows of a version with the health of their nodes, and its lifecycle.

use krt::manifest::ENTRYPOINT;
use krt::outline::WorkflowOutline;
use krt::roles::Role;
use leptos::prelude::*;

use super::{shown, use_here};
use crate::charts::{LifecycleMap, WorkflowGraph};
use crate::components::{ErrorView, RelativeTime};
use crate::hydration::hydrate_later;
use crate::labels;
use crate::live::use_live;
use crate::model::{Health, NodeLive, Timestamp, VersionDetail, VersionLive};
use crate::paths;

#[component]
pub fn WorkflowsTab() -> impl IntoView {
    let here = use_here();
    let nodes = shown::read("nodes");
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let nodes = nodes.await;
                match (here.frame.await, here.detail.await) {
                    (Ok(frame), Ok(detail)) => {
                        // Too many nodes to draw on this page: the server renders a list.
                        let listed = if detail.workflows.is_empty() { Some(shown::show(nodes)) } else { None };
                        view! {
                            {listed}
                            <Workflows detail role=frame.caller.role />
                        }
                            .into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Workflows(detail: VersionDetail, role: Role) -> impl IntoView {
    let VersionDetail { runtime, version, workflows, needs_broker, .. } = detail;
    let live = use_live().or(&runtime.id, version.live);
    let nodes = Memo::new(move |_| live.with(with_process));
    let cards = workflows.into_iter().map(|workflow| view! { <WorkflowCard workflow nodes /> }).collect_view();
    view! {
        {cards}
        {needs_broker
            .then(|| {
                view! {
                    <p class="quiet">
                        "No message broker is configured: nodes start but cannot exchange messages. Set " <code>"--broker"</code> "."
                    </p>
                }
            })}
        <section class="card lifecycle-card" aria-labelledby="lifecycle-title">
            {hydrate_later(move || {
                view! { <Lifecycle runtime=runtime.id version=version.name created_at=version.created_at live role /> }
            })}
        </section>
    }
}

/// The processes of a version. The process that made the last start fail carries the reason even while nothing is
/// running.
fn with_process(live: &VersionLive) -> Vec<NodeLive> {
    let mut nodes = live.nodes.clone();
    if let Some(failure) = &live.failure
        && let Some((workflow, node)) = &failure.process
        && let Some(failed) = nodes.iter_mut().find(|one| one.workflow == *workflow && one.node == *node)
        && failed.health == Health::Stopped
    {
        // The sentence begins with the process, which is already named beside it.
        let (cause, _) = labels::cause_and_advice(failure.chain.get(1).map_or("", String::as_str));
        let of_node = || cause.split_once(") ").map(|(_, why)| why);
        let why = cause.strip_prefix("The entrypoint ").or_else(of_node).unwrap_or(cause);
        failed.reason = Some(why.to_owned());
    }
    nodes
}

#[component]
fn WorkflowCard(workflow: WorkflowOutline, nodes: Memo<Vec<NodeLive>>) -> impl IntoView {
    let id = format!("workflow-{}", workflow.name);
    let title_id = id.clone();
    view! {
        <section class="card workflow" aria-labelledby=id>
            {hydrate_later(move || view! { <WorkflowWithHealth workflow nodes title_id /> })}
        </section>
    }
}

#[component]
fn WorkflowWithHealth(workflow: WorkflowOutline, nodes: Memo<Vec<NodeLive>>, title_id: String) -> impl IntoView {
    let name = workflow.name.clone();
    let mine = Memo::new(move |_| {
        nodes.with(|nodes| {
            nodes
                .iter()
                .filter(|node| node.workflow == name || node.workflow == ENTRYPOINT)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let ready = move || {
        mine.with(|mine| {
            let ready = mine.iter().filter(|node| node.health == Health::Started).count();
            if mine.iter().all(|node| node.health == Health::Stopped) {
                "not running".to_owned()
            } else {
                format!("{ready} of {} ready", mine.len())
            }
        })
    };
    view! {
        <header>
            <div>
                <h2 id=title_id>{workflow.name.clone()}</h2>
                <p class="quiet">
                    "Handles " <code>{workflow.entrypoint.clone()}</code> {format!(" · exits at \"{}\"", workflow.exitpoint)}
                </p>
            </div>
            <span class="quiet count">{ready}</span>
        </header>
        <WorkflowGraph workflow nodes=mine />
    }
}

#[component]
fn Lifecycle(
    runtime: String,
    version: String,
    created_at: Timestamp,
    live: Memo<VersionLive>,
    role: Role,
) -> impl IntoView {
    let now = move || {
        let live = live.get();
        let (what, rest) = match live.since == created_at {
            true => ("Added ".to_owned(), "; not started yet"),
            false => (format!("{} · ", labels::status_title(live.status())), ""),
        };
        view! {
            {what}
            <RelativeTime at=live.since />
            {format!(" by {}{rest}", live.since_by)}
        }
    };
    let path = move |action| paths::action(&runtime, &version, action);
    view! {
        <header>
            <div>
                <h2 id="lifecycle-title">"Lifecycle"</h2>
                <p class="quiet">{now}</p>
            </div>
        </header>
        <LifecycleMap live role action_path=path />
    }
}
