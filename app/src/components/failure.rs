//! Why the last start or publish failed, down to the cause.

use leptos::prelude::*;

use super::When;
use crate::model::Failure;

/// The chain of causes, outermost first, and the last log lines of the process at fault.
#[component]
pub fn FailureCard(failure: Failure) -> impl IntoView {
    let mut chain = failure.chain.into_iter();
    let outermost = chain.next().unwrap_or_default();
    let causes = chain.map(|cause| view! { <li>{cause}</li> }).collect_view();
    let process = failure.process.map(|(workflow, node)| {
        view! {
            <p class="process">
                <code>{node}</code>
                {if workflow == krt::manifest::ENTRYPOINT { String::new() } else { format!(" of workflow {workflow}") }}
            </p>
        }
    });
    let lines = (!failure.last_lines.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Last log lines"</summary>
                <pre class="log" tabindex="0">{failure.last_lines.join("\n")}</pre>
            </details>
        }
    });
    view! {
        <section class="failure" aria-label="Why it failed">
            <p class="outermost">{outermost}</p>
            <ol class="causes">{causes}</ol>
            {process}
            {lines}
            <p class="at">
                <When at=failure.at />
            </p>
        </section>
    }
}
