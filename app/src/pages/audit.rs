//! The audit log: who did what to which version of which runtime, when, and why.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::api;
use crate::components::{ActivityTable, ErrorView, Pager};
use crate::labels;
use crate::model::{ActivityFilter, ActivityPage};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(read_filter));
    let activity = page_data(move || filter.get(), api::list_activity);
    view! {
        <Title text="Audit log" />
        <main id="main" class="page">
            <Transition>
                {move || Suspend::new(async move {
                    match activity.await {
                        Ok(page) => view! { <Activity page filter=filter.get_untracked() /> }.into_any(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Transition>
        </main>
    }
}

#[component]
fn Activity(page: ActivityPage, filter: ActivityFilter) -> impl IntoView {
    let own_only = page.own_only;
    let next = page.next.map(|before| address(&ActivityFilter { before: Some(before), ..filter.clone() }));
    let newest = filter.before.is_some().then(|| address(&ActivityFilter { before: None, ..filter.clone() }));
    let is_filtered = ActivityFilter { before: None, ..filter.clone() } != ActivityFilter::default();
    let empty = page.entries.is_empty();
    view! {
        <header class="title">
            <div>
                <h1>"Audit log"</h1>
                <p class="quiet">
                    {if own_only { "Your actions, newest first" } else { "All actions, newest first" }}
                </p>
            </div>
        </header>
        <section class="card audit" aria-label="Activity">
            <form method="get" action=paths::AUDIT class="filters" role="search" aria-label="Filter">
                {(!own_only).then(|| view! { <Choice name="person" label="Who" options=page.people said=as_it_is chosen=filter.person.clone() /> })}
                <Choice name="kind" label="What" options=page.kinds said=labels::kind chosen=filter.kind.clone() />
                <Choice name="runtime" label="Runtime" options=page.runtimes said=as_it_is chosen=filter.runtime.clone() />
                <div class="choice">
                    <label for="filter-version">"Version"</label>
                    <input id="filter-version" name="version" value=filter.version.clone().unwrap_or_default() autocomplete="off" spellcheck="false" />
                </div>
                <button type="submit">"Filter"</button>
                {is_filtered.then(|| view! { <a href=paths::AUDIT>"Clear filter"</a> })}
            </form>
            {if empty {
                view! { <p class="none">{if is_filtered { "No entries match this filter." } else { "No entries yet." }}</p> }.into_any()
            } else {
                view! { <ActivityTable entries=page.entries /> }.into_any()
            }}
            <Pager first=newest next words=["Newest", "Older"] />
        </section>
    }
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    options: Vec<String>,
    /// Turns an option's value into its label.
    said: fn(&str) -> &str,
    chosen: Option<String>,
) -> impl IntoView {
    let id = format!("filter-{name}");
    let options = options
        .into_iter()
        .map(|option| {
            let selected = chosen.as_ref() == Some(&option);
            let words = said(&option).to_owned();
            view! {
                <option value=option selected=selected>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="choice">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                <option value="">"All"</option>
                {options}
            </select>
        </div>
    }
}

fn as_it_is(option: &str) -> &str {
    option
}

/// Reads the filter from the URL's query; an empty field does not filter.
fn read_filter(query: &ParamsMap) -> ActivityFilter {
    let get = |name: &str| query.get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    ActivityFilter {
        person: get("person"),
        kind: get("kind"),
        runtime: get("runtime"),
        version: get("version"),
        before: get("before").and_then(|before| before.parse().ok()),
    }
}

/// The URL of the audit log with this filter.
fn address(filter: &ActivityFilter) -> String {
    let before = filter.before.map(|before| before.to_string());
    let fields = [
        ("person", filter.person.as_deref()),
        ("kind", filter.kind.as_deref()),
        ("runtime", filter.runtime.as_deref()),
        ("version", filter.version.as_deref()),
        ("before", before.as_deref()),
    ];
    let pairs = fields
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", leptos_router::location::Url::escape(value?))));
    format!("{}?{}", paths::AUDIT, pairs.collect::<Vec<_>>().join("&"))
}
