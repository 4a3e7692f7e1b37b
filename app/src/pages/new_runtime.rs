//! The form that creates a runtime.

use krt::ids;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::components::{ErrorView, Field, FormAlert, TextArea};
use crate::error::Error;
use crate::forms::{FormOutcome, IDEMPOTENCY_KEY, fields_of, form_outcome};
use crate::model::{DESCRIPTION_LIMIT, NAME_LIMIT, NewRuntime};
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn NewRuntimePage() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let idempotency_key = page_data(|| (), |()| api::get_idempotency_key());
    view! {
        <Title text="New runtime" />
        <main id="main" class="page narrow">
            <Suspense>
                {move || Suspend::new(async move {
                    let outcome = outcome.get_value();
                    match idempotency_key.await {
                        Ok(idempotency_key) => view! { <NewRuntimeForm outcome idempotency_key /> }.into_any(),
                        Err(error) => view! { <ErrorView error /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn NewRuntimeForm(outcome: FormOutcome, idempotency_key: String) -> impl IntoView {
    let create = Action::new(|runtime: &NewRuntime| api::create_runtime(runtime.clone()));
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(Ok(id)) = create.value().get() {
            navigate(&paths::runtime(&id), Default::default());
        }
    });
    let refused = outcome.error.clone();
    let error = Signal::derive(move || match create.value().get() {
        None => refused.clone(),
        Some(answer) => answer.err(),
    });
    let wrong = move |field: &'static str| {
        Signal::derive(move || error.get().and_then(|error| error.field(field).map(str::to_owned)))
    };
    let general = Signal::derive(move || error.get().filter(|error: &Error| error.fields.is_empty()));

    let name = RwSignal::new(outcome.typed("name"));
    // A field left empty comes back filled with its proposal, so that it can be edited without scripts too.
    let typed = |field: &str| outcome.value(field).filter(|typed| !typed.is_empty()).map(str::to_owned);
    let id_typed = RwSignal::new(typed("id").is_some());
    let id = RwSignal::new(typed("id").unwrap_or_else(|| name.with_untracked(|name| ids::propose_runtime_id(name))));
    let namespace_typed = RwSignal::new(typed("namespace").is_some());
    let proposed_namespace = move || {
        let id = id.get_untracked();
        if ids::runtime_id_fault(&id).is_none() { ids::propose_namespace(&id) } else { String::new() }
    };
    let namespace = RwSignal::new(typed("namespace").unwrap_or_else(proposed_namespace));
    // A proposal follows the field that it is derived from until the user types into its own field.
    let propose_namespace = move || {
        if !namespace_typed.get_untracked() {
            namespace.set(proposed_namespace());
        }
    };
    let on_name = move |event| {
        name.set(event_target_value(&event));
        if !id_typed.get_untracked() {
            id.set(ids::propose_runtime_id(&name.get_untracked()));
            propose_namespace();
        }
    };
    let on_id = move |event| {
        id.set(event_target_value(&event));
        id_typed.set(!id.get_untracked().is_empty());
        propose_namespace();
    };
    let on_namespace = move |event| {
        namespace.set(event_target_value(&event));
        namespace_typed.set(!namespace.get_untracked().is_empty());
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let sent = FormOutcome { values: fields_of(&event), ..FormOutcome::default() };
        create.dispatch(NewRuntime {
            id: sent.typed("id"),
            name: sent.typed("name"),
            description: sent.typed("description"),
            namespace: sent.typed("namespace"),
            idempotency_key: sent.typed(IDEMPOTENCY_KEY),
        });
    };
    let idempotency_key = outcome.value(IDEMPOTENCY_KEY).map_or(idempotency_key, str::to_owned);
    let description = outcome.typed("description");
    view! {
        <header class="title">
            <h1>"New runtime"</h1>
        </header>
        <form class="card stacked" method="post" action=paths::NEW_RUNTIME on:submit=submit>
            <Field name="name" label="Name" limit=NAME_LIMIT error=wrong("name")>
                <input id="field-name" name="name" value=name.get_untracked() required autocomplete="off" autofocus aria-describedby="hint-name error-name" on:input=on_name />
            </Field>
            <Field name="id" label="ID" hint="Used in URLs and labels: a to z, digits and hyphens, max. 19 characters. Derived from the name if empty." limit=ids::RUNTIME_ID_LIMIT error=wrong("id")>
                <input id="field-id" class="mono" name="id" prop:value=id value=id.get_untracked() autocomplete="off" spellcheck="false" autocapitalize="none" aria-describedby="hint-id error-id" on:input=on_id />
            </Field>
            <Field name="description" label="Description" hint="What this runtime is for, in one sentence." limit=DESCRIPTION_LIMIT error=wrong("description")>
                <TextArea id="field-description" name="description" value=description.clone() rows=2 described_by="hint-description error-description" />
            </Field>
            <Field name="namespace" label="Kubernetes namespace" hint="Leave empty for kre-<ID>. An existing namespace is used only if it is labelled for this runtime." limit=ids::NAMESPACE_LIMIT error=wrong("namespace")>
                <input id="field-namespace" class="mono" name="namespace" prop:value=namespace value=namespace.get_untracked() autocomplete="off" spellcheck="false" autocapitalize="none" aria-describedby="hint-namespace error-namespace" on:input=on_namespace />
            </Field>
            <input type="hidden" name=IDEMPOTENCY_KEY value=idempotency_key />
            <FormAlert error=general />
            <div class="buttons">
                <button class="primary" type="submit" aria-busy=move || create.pending().get().to_string()>
                    "Create runtime"
                </button>
                <a class="button" href=paths::RUNTIMES>
                    "Cancel"
                </a>
            </div>
        </form>
    }
}
