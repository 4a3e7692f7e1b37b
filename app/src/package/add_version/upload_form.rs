//! What can be done with a checked package: upload it with a reason, or discard it.

use leptos::prelude::*;

use super::discard;
use crate::error::ErrorKind;
use crate::forms::{REASON, focus_first_wrong, too_long};
use crate::labels;
use crate::model::REASON_LIMIT;
use crate::package::browser;
use crate::package::upload_state::{Sending, UploadState};
use crate::paths;

/// The form below a report. `why_not` says why the package cannot be uploaded; `is_taken` that its name is in use.
#[component]
pub(super) fn UploadForm(
    upload_state: UploadState,
    why_not: Option<&'static str>,
    is_taken: Memo<bool>,
) -> impl IntoView {
    let is_under = Memo::new(move |_| upload_state.sending.with(|sending| matches!(sending, Sending::Under { .. })));
    let why_not = Signal::derive(move || match (why_not, is_taken.get()) {
        (Some(why_not), _) => Some(why_not),
        (None, true) => Some("The version name is already in use in this runtime."),
        _ => None,
    });
    let too_long = Memo::new(move |_| upload_state.reason.with(|reason| too_long(reason, REASON_LIMIT)));
    let is_reason_refused = Memo::new(move |_| {
        upload_state.sending.with(|sending| matches!(sending, Sending::Refused(error) if error.field(REASON).is_some()))
    });
    Effect::new(move |_| {
        if is_reason_refused.get() {
            focus_first_wrong();
        }
    });
    let upload = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if too_long.with_untracked(Option::is_none)
            && why_not.with_untracked(Option::is_none)
            && !is_under.get_untracked()
        {
            browser::upload(upload_state);
        }
    };
    let field = move || {
        why_not.get().is_none().then(|| {
            view! {
                <label for="upload-reason">"Reason"</label>
                <input
                    id="upload-reason"
                    required
                    autocomplete="off"
                    aria-describedby="upload-reason-problem"
                    prop:value=move || upload_state.reason.get()
                    on:input:target=move |event| upload_state.reason.set(event.target().value())
                />
                <p id="upload-reason-problem" class="report-name-problem" aria-live="polite">
                    {too_long}
                </p>
            }
        })
    };
    view! {
        <form class="upload" on:submit=upload>
            <div class="upload-words" class:wrong=move || is_reason_refused.get()>
                {field}
                <p id="upload-why-not" class="quiet">{move || why_not.get()}</p>
                <Outcome upload_state />
            </div>
            <div class="buttons">
                {move || match is_under.get() {
                    true => view! { <button type="button" on:click=move |_| browser::cancel_upload(upload_state)>"Cancel upload"</button> }.into_any(),
                    false => view! { <button type="button" on:click=move |_| discard(upload_state)>"Discard"</button> }.into_any(),
                }}
                <button
                    class="primary"
                    type="submit"
                    aria-disabled=move || why_not.get().is_some().then_some("true")
                    aria-busy=move || is_under.get().then_some("true")
                    aria-describedby="upload-why-not"
                >
                    "Upload version"
                </button>
            </div>
        </form>
    }
}

/// The progress of the upload, or its outcome.
#[component]
fn Outcome(upload_state: UploadState) -> impl IntoView {
    // Keeps the same progress element while its value changes.
    let sent = Memo::new(move |_| {
        upload_state.sending.with(|sending| match sending {
            Sending::Under { sent, total } => Some((*sent, *total)),
            _ => None,
        })
    });
    let is_under = Memo::new(move |_| sent.get().is_some());
    let bar = move || {
        is_under.get().then(|| {
            let now = move || sent.get().unwrap_or_default();
            let words = move || match now() {
                (sent, total) if sent < total => format!("{} of {} uploaded", labels::size(sent), labels::size(total)),
                _ => "uploaded; the server is checking and storing the package".to_owned(),
            };
            view! {
                <progress aria-label="Upload progress" max=move || now().1.max(1).to_string() value=move || now().0.to_string()></progress>
                <p class="quiet">{words}</p>
            }
        })
    };
    let outcome = move || match upload_state.sending.get() {
        Sending::Canceled { is_all_sent } => {
            let words = match is_all_sent {
                true => {
                    "The whole package was already sent, so the server may still store it. Check the list of versions."
                }
                false => "Upload cancelled. Nothing was stored.",
            };
            view! { <p class="quiet">{words}</p> }.into_any()
        }
        Sending::Refused(error) if error.kind == ErrorKind::SignedOut => {
            let next = upload_state.runtime.with(|runtime| paths::runtime(runtime));
            view! {
                <p class="report-name-problem">
                    "Your session has ended. The package and your text are kept. "
                    <a href=format!("{}?next={next}", paths::SIGN_IN) target="_blank">"Sign in (new tab)"</a>
                    ", then upload again."
                </p>
            }
            .into_any()
        }
        // Errors of the package or its name are shown beside the name, not here again.
        Sending::Refused(error) if error.field("package").is_none() && error.field("version").is_none() => {
            let words = error.fields.first().map_or(error.message.clone(), |field| field.message.clone());
            view! { <p class="report-name-problem">{words}</p> }.into_any()
        }
        Sending::Done(version) => view! { <p class="quiet">{format!("{version} is stored.")}</p> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        {bar}
        <div role="alert">{outcome}</div>
    }
}
