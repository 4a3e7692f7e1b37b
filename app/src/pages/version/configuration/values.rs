//! The form of the values: what is typed is kept as a draft until it is saved.

use leptos::html;
use leptos::prelude::*;

use super::entry::Entry;
use super::{page, use_shown};
use crate::api;
use crate::components::FormAlert;
#[cfg(feature = "hydrate")]
use crate::drafts::fields;
use crate::error::Error;
use crate::forms::{FormOutcome, KEEP_EMPTY, TICKED, VALUE, configuration_values, fields_of, focus_first_wrong};
use crate::model::ConfigurationEntry;
use crate::pages::version::use_here;

#[component]
pub(super) fn Values(
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
    let save = Action::new(move |values: &Result<Vec<(String, String)>, Error>| {
        let ((runtime, version), values) = (names.get_value(), values.clone());
        async move {
            let saved = api::set_configuration(runtime, version, values?).await;
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
    Effect::new(move |_| {
        if error.get().is_some_and(|error| !error.fields.is_empty()) {
            focus_first_wrong();
        }
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
        let ticked = outcome.value(&format!("{KEEP_EMPTY}{}", entry.name)) == Some(TICKED);
        let name = entry.name.clone();
        let wrong = Signal::derive(move || error.get().and_then(|error| error.field(&name).map(str::to_owned)));
        view! { <Entry entry typed ticked editable wrong /> }
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
                            // Always here: it keeps the focus when it is pressed, and works without JavaScript.
                            <button type="reset">"Discard changes"</button>
                            <span role="status" class="quiet">
                                {said}
                            </span>
                        </div>
                    }
                })}
        </form>
    }
}
