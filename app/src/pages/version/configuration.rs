//! The configuration that a version needs before it can start. Values are masked until the user shows them, and stored
//! exactly as typed.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{CONFIGURATION, use_here};
use crate::api;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, Pager};
use crate::forms::{FormOutcome, form_outcome};
use crate::model::Configuration;
use crate::paths;
use crate::resource::page_data;

mod values;
use values::Values;

mod entry;

#[component]
pub fn ConfigurationTab() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let here = use_here();
    let saved = RwSignal::new(0_u32);
    let with_status = here.with_status();
    let from = use_from();
    let configuration = page_data(
        move || (with_status(), from.get(), saved.get()),
        |((runtime, version, _), from, _)| api::get_configuration(runtime, version, from),
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match configuration.await {
                    Ok(configuration) => {
                        view! { <ConfigurationCard configuration outcome=outcome.get_value() saved /> }.into_any()
                    }
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn ConfigurationCard(configuration: Configuration, outcome: FormOutcome, saved: RwSignal<u32>) -> impl IntoView {
    let Configuration { entries, locked, total, missing, from } = configuration;
    let here = use_here();
    let shown = use_shown();
    let is_empty = total == 0;
    let end = from + entries.len() as u32;
    let place = ((entries.len() as u32) < total).then(|| format!(" {} to {end} of {total}.", from + 1));
    let at =
        move |from| page(&here.runtime.get_untracked(), &here.version.get_untracked(), from, shown.get_untracked());
    let first = (from > 0).then(|| at(0));
    let next = (end < total).then(|| at(end));
    let said = match (is_empty, missing) {
        (true, _) => "This version declares no variables or files.".to_owned(),
        (false, 0) => "All values are set.".to_owned(),
        (false, 1) => "1 value missing; the version cannot start without it.".to_owned(),
        (false, missing) => format!("{missing} values missing; the version cannot start without them."),
    };
    // Callers who may read values may change them; others see only which values are set.
    let editable = locked.is_none();
    view! {
        <section class="card configuration" aria-labelledby="configuration-title">
            <header>
                <div>
                    <h2 id="configuration-title">"Configuration"</h2>
                    <p class="quiet">{said} {place}</p>
                </div>
                {(!is_empty).then(|| view! { <ShowToggle /> })}
            </header>
            {locked.map(|why| view! { <p class="notice quiet-notice"><Icon of=icon::STILL /><span>{why}</span></p> })}
            {(!is_empty).then(|| view! { <Values entries editable outcome saved from /> })}
            <Pager first next words=["First page", "Next page"] />
        </section>
    }
}

/// Shows or hides the values. The state is in the URL, so that it works without JavaScript.
#[component]
fn ShowToggle() -> impl IntoView {
    let here = use_here();
    let (shown, from) = (use_shown(), use_from());
    let href = move || page(&here.runtime.get(), &here.version.get(), from.get(), !shown.get());
    view! {
        <a class="toggle" href=href>
            {move || if shown.get() { "Hide values" } else { "Show values" }}
        </a>
    }
}

/// The URL of the tab from this entry on, with its values shown or hidden.
fn page(runtime: &str, version: &str, from: u32, is_shown: bool) -> String {
    let tab = paths::version_tab(runtime, version, CONFIGURATION);
    let show = if is_shown { "&show=values" } else { "" };
    format!("{tab}?from={from}{show}")
}

/// The number of entries before the page that the URL names.
fn use_from() -> Memo<u32> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("from").and_then(|from| from.parse().ok()).unwrap_or_default()))
}

fn use_shown() -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("show").is_some()))
}
