//! The history of a version: its audit entries.

use leptos::prelude::*;

use super::use_here;
use crate::api;
use crate::components::{ActivityTable, ErrorView};
use crate::model::{ActivityFilter, ActivityPage};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn HistoryTab() -> impl IntoView {
    let here = use_here();
    let activity = page_data(here.with_status(), |(runtime, version, _)| {
        api::list_activity(ActivityFilter {
            runtime: Some(runtime),
            version: Some(version),
            ..ActivityFilter::default()
        })
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match activity.await {
                    Ok(page) => view! { <History page /> }.into_any(),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn History(page: ActivityPage) -> impl IntoView {
    let here = use_here();
    let all =
        format!("{}?runtime={}&version={}", paths::AUDIT, here.runtime.get_untracked(), here.version.get_untracked());
    let is_empty = page.entries.is_empty();
    view! {
        <section class="card audit" aria-labelledby="history-title">
            <header>
                <div>
                    <h2 id="history-title">"History"</h2>
                    <p class="quiet">
                        {if page.own_only { "Your actions on this version, newest first" } else { "Actions on this version, newest first" }}
                    </p>
                </div>
                <a class="button" href=all>
                    "View in audit log"
                </a>
            </header>
            {if is_empty {
                view! { <p class="none">"No actions yet."</p> }.into_any()
            } else {
                view! { <ActivityTable entries=page.entries of_version=true /> }.into_any()
            }}
        </section>
    }
}
