//! The content of the dialog, whose code is loaded for the first click.

// Expands to functions that the module exports and imports by name.
#![allow(unsafe_code, improper_ctypes)]

use krt::lifecycle::Action;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::opening::open;
use crate::api;
use crate::components::ErrorView;
use crate::forms::FormOutcome;
use crate::live::Link;
use crate::loading::NotLoaded;
use crate::model::ActionPreview;
use crate::pages::route_announcer::focus_heading_when_lost;
use crate::pages::version::Here;
use crate::pages::version::action_form::ActionForm;
use crate::resource::page_data;

/// The form of the action.
#[wasm_split(action, wasm_split_path = ::leptos::wasm_split, preload(load_asked), fallible)]
pub fn asked(here: Here, action: Action, dialog: NodeRef<html::Dialog>) -> Result<AnyView, NotLoaded> {
    Ok(view! { <Asked here action dialog /> }.into_any())
}

/// Loads the code when the browser is idle, if it can be loaded.
#[cfg(feature = "hydrate")]
pub fn prefetch() {
    crate::loading::prefetch(async {
        let _ = load_asked().await;
    });
}

#[component]
fn Asked(here: Here, action: Action, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let preview = page_data(
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
    Effect::new(move |_| open(dialog));
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
        }
        .into_any(),
    }
}
