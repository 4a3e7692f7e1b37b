//! The configuration that a version needs before it can start. Values are masked until the user shows them, and stored
//! exactly as typed.

use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{CONFIGURATION, use_here};
use crate::api;
use crate::components::icon::{self, Icon};
use crate::components::{ErrorView, FormAlert, Pager, TextArea};
#[cfg(feature = "hydrate")]
use crate::drafts::fields;
use crate::forms::{FormOutcome, KEEP_EMPTY, VALUE, configuration_values, fields_of, form_outcome};
use crate::labels;
use crate::model::{Configuration, ConfigurationEntry, ConfigurationKind};
use crate::paths;

#[component]
pub fn ConfigurationTab() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let here = use_here();
    let saved = RwSignal::new(0_u32);
    let with_status = here.with_status();
    let from = use_from();
    let configuration = Resource::new(
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

#[component]
fn Values(
    entries: Vec<ConfigurationEntry>,
    editable: bool,
    outcome: FormOutcome,
    saved: RwSignal<u32>,
    from: u32,
) -> impl IntoView {
    let here = use_here();
    let (runtime, version) = (here.runtime.get_untracked(), here.version.get_untracked());
    // Posted to the page's own URL, so that a refused form comes back to the same page of entries.
    let action = page(&runtime, &version, from, use_shown().get_untracked());
    // Each page of the tab has its own draft.
    let draft = if from == 0 { version.clone() } else { format!("{version} {from}") };
    let of_draft = StoredValue::new((runtime.clone(), draft));
    let names = StoredValue::new((runtime, version));
    let keep = move |typed| of_draft.with_value(|(runtime, draft)| here.drafts.put(runtime, draft, typed));
    let is_kept =
        Memo::new(move |_| of_draft.with_value(|(runtime, draft)| !here.drafts.of(runtime, draft).is_empty()));
    let save = Action::new(move |values: &Vec<(String, String)>| {
        let ((runtime, version), values) = (names.get_value(), values.clone());
        async move {
            let saved = api::set_configuration(runtime.clone(), version.clone(), values).await;
            if saved.is_ok() {
                keep(Vec::new());
            }
            saved
        }
    });
    Effect::new(move |_| {
        if matches!(save.value().get(), Some(Ok(()))) {
            saved.update(|saved| *saved += 1);
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save.dispatch(configuration_values(&fields_of(&event)));
    };
    let refused = outcome.error.clone();
    let error = Signal::derive(move || match save.value().get() {
        None => refused.clone(),
        Some(answer) => answer.err(),
    });
    let said = move || {
        if save.pending().get() {
            "Saving"
        } else if is_kept.get() {
            "Not saved yet"
        } else if saved.get() > 0 {
            "Saved"
        } else {
            ""
        }
    };
    // Restores the draft into the fields; text typed before the scripts loaded becomes part of it.
    let form = NodeRef::<html::Form>::new();
    #[cfg(feature = "hydrate")]
    let look = move || {
        if let Some(form) = form.get_untracked().filter(|_| editable) {
            keep(fields::changed(&form));
        }
    };
    #[cfg(not(feature = "hydrate"))]
    let look = || ();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(form) = form.get() {
            fields::restore(&form, &of_draft.with_value(|(runtime, draft)| untrack(|| here.drafts.of(runtime, draft))));
            look();
        }
    });
    let rows = entries.into_iter().map(|entry| {
        let typed = outcome.value(&format!("{VALUE}{}", entry.name)).map(str::to_owned);
        let name = entry.name.clone();
        let wrong = Signal::derive(move || error.get().and_then(|error| error.field(&name).map(str::to_owned)));
        view! { <Entry entry typed editable wrong /> }
    });
    view! {
        <form class="values" method="post" action=action node_ref=form on:submit=submit on:input=move |_| look() on:reset=move |_| keep(Vec::new())>
            {rows.collect_view()}
            <FormAlert error=Signal::derive(move || error.get().filter(|error| error.fields.is_empty())) />
            {editable
                .then(|| {
                    view! {
                        <div class="buttons">
                            <button class="primary" type="submit">
                                "Save configuration"
                            </button>
                            {move || is_kept.get().then(|| view! { <button type="reset">"Discard"</button> })}
                            <span role="status" class="quiet">
                                {said}
                            </span>
                        </div>
                    }
                })}
        </form>
    }
}

/// One variable or file. Values are kept exactly as typed; a file may have several lines.
#[component]
fn Entry(
    entry: ConfigurationEntry,
    /// What was typed before the form came back.
    typed: Option<String>,
    editable: bool,
    wrong: Signal<Option<String>>,
) -> impl IntoView {
    let (here, shown) = (use_here(), use_shown());
    let (id, field) = (format!("value-{}", entry.name), format!("{VALUE}{}", entry.name));
    let error_id = format!("error-{id}");
    let readable = entry.value.is_some() || !entry.is_set || entry.too_long.is_some();
    let value = typed.or(entry.value).unwrap_or_default();
    let control = if !editable || !readable {
        view! { <code class="masked">{if entry.is_set { "••••••••" } else { "" }}</code> }.into_any()
    } else {
        match entry.kind {
            ConfigurationKind::Variable => view! {
                <input
                    id=id.clone()
                    class="mono"
                    name=field
                    type=move || if shown.get() { "text" } else { "password" }
                    value=value
                    autocomplete="off"
                    spellcheck="false"
                    autocapitalize="none"
                    aria-describedby=error_id.clone()
                />
            }
            .into_any(),
            ConfigurationKind::File => view! {
                <div class:masked=move || !shown.get()>
                    <TextArea id=id.clone() name=field value rows=6 described_by=error_id.clone() />
                </div>
            }
            .into_any(),
        }
    };
    let keep_empty = (editable && readable).then(|| {
        let field = format!("{KEEP_EMPTY}{}", entry.name);
        if let Some(bytes) = entry.too_long {
            // An empty field sets nothing: a value that is not shown is kept.
            let href = paths::value(&here.runtime.get_untracked(), &here.version.get_untracked(), &entry.name);
            let words =
                format!("{}: too long for this page. Leave empty to keep the value.", labels::size(bytes.into()));
            view! { <p class="quiet">{words} " " <a href=href download rel="external">"Download"</a></p> }.into_any()
        } else if entry.is_set {
            view! { <input type="hidden" name=field value="on" /> }.into_any()
        } else {
            view! {
                <label class="keep-empty">
                    <input type="checkbox" name=field />
                    "Leave empty on purpose"
                </label>
            }
            .into_any()
        }
    });
    let kind = match entry.kind {
        ConfigurationKind::Variable => "variable",
        ConfigurationKind::File => "file",
    };
    let state = if entry.is_set { "set" } else { "missing" };
    view! {
        <div class="entry" class:missing=!entry.is_set>
            <div class="name">
                <label for=id>
                    <code>{entry.name}</code>
                </label>
                <span class="quiet">{kind} ", " {state}</span>
            </div>
            <div class="control">
                {control} {keep_empty}
                <p class="error" id=error_id>
                    {move || wrong.get()}
                </p>
            </div>
        </div>
    }
}
