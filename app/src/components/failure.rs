//! The cause of the last failed start or publish.

use leptos::prelude::*;

use super::RelativeTime;
use crate::labels;
use crate::model::Failure;

/// Shows the cause and the advice first, then the cluster's messages and the last log lines of the failed process.
#[component]
pub fn FailureCard(failure: Failure) -> impl IntoView {
    let mut chain = failure.chain.into_iter();
    let outermost = chain.next().unwrap_or_default();
    // The badge already says that the action failed, so the cause comes first.
    let cause = failure.process.as_ref().and_then(|_| chain.next());
    let (lead, result) = match cause {
        Some(cause) => (cause, Some(outermost)),
        None => (outermost, None),
    };
    let (what, way_on) = labels::cause_and_advice(&lead);
    let (what, way_on) = (what.to_owned(), way_on.to_owned());
    let causes = chain.map(|cause| view! { <li>{cause}</li> }).collect_view();
    let lines = (!failure.last_lines.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Last log lines"</summary>
                <pre class="log" tabindex="0">{failure.last_lines.join("\n")}</pre>
            </details>
        }
    });
    view! {
        <section class="failure" aria-label="Cause of failure">
            <p class="lead">{what}</p>
            <p>{way_on}</p>
            <ol class="causes">{causes}</ol>
            {lines}
            <p class="at">
                {result} " "
                <RelativeTime at=failure.at />
            </p>
        </section>
    }
}
