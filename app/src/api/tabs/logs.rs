//! The last log lines of each pod.

use async_trait::async_trait;
use krt::manifest::ENTRYPOINT;
use leptos::prelude::*;

use super::here::{Here, place, when};
use crate::error::Error;
use crate::labels;
use crate::model::{Caller, LogsPage, NodeLog};
use crate::paths;

#[async_trait]
pub trait Logs {
    /// Returns the last log lines of a page of pods, starting after the first `from`: the current lines while the
    /// version runs, the saved ones after a stop or failure.
    async fn list_logs(&self, caller: &Caller, runtime: &str, version: &str, from: u32) -> Result<LogsPage, Error>;
}

pub(super) fn html(page: LogsPage, here: &Here<'_>) -> String {
    if page.total == 0 {
        return view! {
            <section class="empty" aria-labelledby="empty-title">
                <h2 id="empty-title">"No logs yet"</h2>
                <p>"Once the version runs, this tab shows the last lines of each process and keeps them after a stop or a failed start."</p>
            </section>
        }
        .to_html();
    }
    let LogsPage { logs, from, total, is_cut, read_at } = page;
    let count = logs.len();
    let place = place(from, count, total);
    let of_pods = (!place.is_empty()).then(|| format!(" Pods {place}."));
    let cut = is_cut.then(|| {
        view! { <p class="notice quiet-notice">"Some lines do not fit on this page. Download the logs to see every stored line."</p> }
    });
    let cards = logs.into_iter().map(card).collect_view();
    view! {
        <section class="card logs" aria-labelledby="log-title">
            <header>
                <div>
                    <h2 id="log-title">"Logs"</h2>
                    <p class="quiet">"The last lines of each process, oldest first." {of_pods}</p>
                </div>
                <div class="buttons">
                    {here.refresh_link(from, read_at)}
                    <a class="button" download href=paths::download_logs(here.runtime, here.version)>"Download logs"</a>
                </div>
            </header>
            {cut}
            {cards}
            {here.pager(from, count, total)}
        </section>
    }
    .to_html()
}

fn card(log: NodeLog) -> impl IntoView {
    let title = if log.workflow == ENTRYPOINT { log.node.clone() } else { format!("{} / {}", log.workflow, log.node) };
    let count = labels::count(log.lines.len(), "line");
    let label = format!("Log of {title}");
    view! {
        <details open>
            <summary>
                <strong>{title}</strong>
                <span class="quiet">
                    <code>{log.pod}</code>
                    {format!(" · {count} · ")}
                    {when(log.saved_at)}
                </span>
            </summary>
            <pre class="log" tabindex="0" role="group" aria-label=label inner_html=lines(&log.lines)></pre>
        </details>
    }
}

/// The lines as HTML. Only lines whose level is highlighted become elements, because logs are long.
fn lines(lines: &[String]) -> String {
    let mut html = String::new();
    for line in lines {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        match level(&line) {
            "info" => html += &line,
            level => html += &format!("<span class={level}>{line}</span>"),
        }
        html.push('\n');
    }
    html
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_escaped_and_levels_highlighted() {
        let said = ["t ERROR <script>", "plain & simple", "t DEBUG x"].map(str::to_owned);
        let html =
            "<span class=error>t ERROR &lt;script></span>\nplain &amp; simple\n<span class=debug>t DEBUG x</span>\n";
        assert_eq!(lines(&said), html);
    }
}
