//! The form of an action: the same on its page and in its dialog.

use leptos::prelude::*;

use crate::api;
use crate::components::icon::{self, Icon};
use crate::components::{Field, FormAlert, TextArea};
use crate::drafts::use_drafts;
use crate::error::Error;
use crate::forms::{FormOutcome, IDEMPOTENCY_KEY, REASON, fields_of};
use crate::labels;
use crate::model::{ActionPreview, ActionRequest, REASON_LIMIT};
use crate::paths;

/// Asks for a reason and takes the action. Without JavaScript, the form is posted to its own page; with JavaScript,
/// `done` runs once the server has accepted the action. `cancel` runs when the link back is clicked.
#[component]
pub fn ActionForm(
    preview: ActionPreview,
    outcome: FormOutcome,
    #[prop(into)] done: Callback<()>,
    #[prop(into)] cancel: Callback<leptos::ev::MouseEvent>,
) -> impl IntoView {
    let ActionPreview { runtime, version, action, why_not, replaces, idempotency_key } = preview;
    let take = Action::new(|request: &ActionRequest| api::take_action(request.clone()));
    Effect::new(move |_| {
        if matches!(take.value().get(), Some(Ok(()))) {
            done.run(());
        }
    });
    let refused = outcome.error.clone();
    let error = Signal::derive(move || match take.value().get() {
        None => refused.clone(),
        Some(answer) => answer.err(),
    });
    let reason_error = Signal::derive(move || error.get().and_then(|error| error.field(REASON).map(str::to_owned)));
    let idempotency_key = outcome.value(IDEMPOTENCY_KEY).map_or(idempotency_key, str::to_owned);
    let names = StoredValue::new((runtime.id.clone(), version.clone()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let sent = FormOutcome { values: fields_of(&event), ..FormOutcome::default() };
        let (runtime, version) = names.get_value();
        take.dispatch(ActionRequest {
            runtime,
            version,
            action,
            reason: sent.typed(REASON),
            idempotency_key: sent.typed(IDEMPOTENCY_KEY),
        });
    };
    let warning = (action == krt::lifecycle::Action::Publish).then_some(replaces).flatten().map(|replaced| {
        view! {
            <p class="notice warn">
                <Icon of=icon::WARNING />
                <span>
                    "Replaces " <strong>{replaced}</strong>
                    ", which is published now. It keeps running and can be published again."
                </span>
            </p>
        }
    });
    let drafts = use_drafts();
    let unsaved = move || {
        let is_left = names.with_value(|(runtime, version)| drafts.has(runtime, version));
        (action == krt::lifecycle::Action::Start && is_left).then(|| {
            view! {
                <p class="notice warn">
                    <Icon of=icon::WARNING />
                    <span>"The configuration has unsaved changes; the version starts without them."</span>
                </p>
            }
        })
    };
    let typed = outcome.typed(REASON);
    let title = format!("{} {version}", action.title());
    let back = paths::version(&runtime.id, &version);
    let impossible = why_not.is_some();
    view! {
        <form class="action-form" method="post" action=paths::action(&runtime.id, &version, action) on:submit=submit>
            <p class="meaning">{labels::meaning(action, &version, &runtime.namespace)}</p>
            {warning}
            {unsaved}
            {why_not.map(|why| view! { <p class="notice bad"><Icon of=icon::CROSS /><span>{format!("Not possible now: {why}.")}</span></p> })}
            <Field name=REASON label="Reason" hint="Recorded in the audit log (max. 500 characters)." limit=REASON_LIMIT error=reason_error>
                <TextArea id="field-reason" name=REASON value=typed.clone() rows=3 required=true autofocus=true described_by="hint-reason error-reason" />
            </Field>
            <input type="hidden" name=IDEMPOTENCY_KEY value=idempotency_key />
            <FormAlert error=Signal::derive(move || error.get().filter(|error: &Error| error.fields.is_empty())) />
            <div class="buttons">
                <button class="primary" type="submit" disabled=impossible aria-busy=move || take.pending().get().to_string()>
                    {title}
                </button>
                <a class="button" href=back on:click=move |event| cancel.run(event)>
                    "Cancel"
                </a>
            </div>
        </form>
    }
}
