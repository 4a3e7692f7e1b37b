//! The last log lines of each process.

use krt::manifest::ENTRYPOINT;
use leptos::prelude::*;

use super::use_here;
use crate::components::{ErrorView, When};
use crate::doors;
use crate::model::NodeLog;
use crate::words;

#[component]
pub fn LogTab() -> impl IntoView {
    let here = use_here();
    let asked = RwSignal::new(0_u32);
    let with_status = here.with_status();
    let logs = Resource::new(
        move || (with_status(), asked.get()),
        |((runtime, version, _), _)| doors::list_logs(runtime, version),
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match logs.await {
                    Ok(logs) => view! { <Logs logs asked /> }.into_any(),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Logs(logs: Vec<NodeLog>, asked: RwSignal<u32>) -> impl IntoView {
    if logs.is_empty() {
        return view! {
            <section class="empty" aria-labelledby="empty-title">
                <h2 id="empty-title">"No log yet"</h2>
                <p>"Once it runs, the last lines of each process stand here; after a stop or a failed start they are kept."</p>
            </section>
        }
        .into_any();
    }
    let cards = logs.into_iter().map(|log| view! { <LogCard log /> }).collect_view();
    view! {
        <section class="card logs" aria-labelledby="log-title">
            <header>
                <div>
                    <h2 id="log-title">"Log"</h2>
                    <p class="quiet">"The last lines of each process, oldest first."</p>
                </div>
                // A link, so that it works without JavaScript too.
                <a
                    class="button"
                    href=""
                    rel="external"
                    on:click=move |event| {
                        event.prevent_default();
                        asked.update(|asked| *asked += 1);
                    }
                >
                    "Read again"
                </a>
            </header>
            {cards}
        </section>
    }
    .into_any()
}

#[component]
fn LogCard(log: NodeLog) -> impl IntoView {
    let title = if log.workflow == ENTRYPOINT { log.node.clone() } else { format!("{} / {}", log.workflow, log.node) };
    let count = words::count(log.lines.len(), "line");
    let label = format!("Log of {title}");
    let lines = log
        .lines
        .into_iter()
        .map(|line| {
            let class = level(&line);
            view! { <span class=class>{line} "\n"</span> }
        })
        .collect_view();
    view! {
        <details open>
            <summary>
                <strong>{title}</strong>
                <span class="quiet">
                    <code>{log.pod}</code>
                    {format!(" · {count} · ")}
                    <When at=log.saved_at />
                </span>
            </summary>
            <pre class="log" tabindex="0" role="group" aria-label=label>
                {lines}
            </pre>
        </details>
    }
}

/// The level of a line in the runners' format: `2026-11-21T09:31:07.000Z ERROR message`.
fn level(line: &str) -> &'static str {
    match line.split_whitespace().nth(1) {
        Some("ERROR") => "error",
        Some("WARN" | "WARNING") => "warn",
        Some("DEBUG") => "debug",
        _ => "info",
    }
}
