//! The dialog of an action: the same form as on the action's page, shown over the current page.

use krt::lifecycle::Action;
use leptos::html;
use leptos::prelude::*;

use super::Here;
use super::action_form::ActionForm;
use crate::api;
use crate::components::ErrorView;
use crate::forms::FormOutcome;
use crate::live::Link;
use crate::model::ActionPreview;
use crate::pages::route_announcer::focus_heading_when_lost;

/// The action whose form a click opens: a plain click on a link to that form. Clicks with a modifier key, which open a
/// new tab, are ignored.
pub fn asked_by(event: &leptos::ev::MouseEvent) -> Option<Action> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;

        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return None;
        }
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        super::action_of(&target.closest("a[href]").ok()??.get_attribute("href")?)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (event, super::action_of);
        None
    }
}

/// The dialog, open while `asked` names an action.
#[component]
pub fn ActionDialog(here: Here, asked: RwSignal<Option<Action>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="dialog-title" on:close=move |_| asked.set(None)>
            {move || asked.get().map(|action| view! { <Asked here action dialog /> })}
        </dialog>
    }
}

#[component]
fn Asked(here: Here, action: Action, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let preview = Resource::new(
        move || (here.runtime.get(), here.version.get()),
        move |(runtime, version)| api::preview_action(runtime, version, action),
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let preview = preview.await;
                view! { <Sheet here preview dialog /> }
            })}
        </Suspense>
    }
}

/// The dialog's content. The dialog opens only once it is there, so that the layout does not jump and the focus goes to
/// the reason.
#[component]
fn Sheet(
    here: Here,
    preview: Result<ActionPreview, crate::error::Error>,
    dialog: NodeRef<html::Dialog>,
) -> impl IntoView {
    // In the next frame: before that, the form is not in the document and cannot be focused.
    Effect::new(move |_| {
        request_animation_frame(move || {
            if let Some(dialog) = dialog.get_untracked()
                && !dialog.open()
            {
                let _ = dialog.show_modal();
            }
        });
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    match preview {
        Ok(preview) => {
            let title = format!("{} {}", preview.action.title(), preview.version);
            let done = move |()| {
                close();
                focus_heading_when_lost();
                // Without the live stream, the page does not learn the result of its action.
                if here.live.link.get_untracked() != Link::Live {
                    here.live.reload();
                }
            };
            let cancel = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                close();
            };
            view! {
                <h2 id="dialog-title">{title}</h2>
                <ActionForm preview outcome=FormOutcome::default() done cancel />
            }
            .into_any()
        }
        Err(error) => view! {
            <h2 id="dialog-title" hidden>
                "Not possible"
            </h2>
            <ErrorView error />
            <button on:click=move |_| close()>"Close"</button>
        }
        .into_any(),
    }
}
