//! The dialog of an action: the same form as on the action's page, shown over the current page.

use krt::lifecycle::Action;
use leptos::html;
use leptos::prelude::*;

use super::Here;
use crate::loading::loaded;

mod opening;

mod sheet;

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
    #[cfg(feature = "hydrate")]
    Effect::new(|_| sheet::prefetch());
    let content = move |action| {
        loaded(move || async move {
            let content = sheet::asked(here, action, dialog).await;
            if content.is_err() {
                opening::open(dialog);
            }
            content
        })
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="dialog-title" on:close=move |_| asked.set(None)>
            {move || asked.get().map(content)}
            // Shown beside an error, which has no other way out for those without a keyboard.
            <button type="button" class="close" on:click=close>
                "Close"
            </button>
        </dialog>
    }
}
