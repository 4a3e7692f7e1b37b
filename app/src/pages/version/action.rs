//! The page with the form of an action.

use krt::lifecycle::Action;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::action_form::ActionForm;
use super::use_here;
use crate::api;
use crate::components::ErrorView;
use crate::error::{Error, ErrorKind};
use crate::forms::{FormOutcome, form_outcome};
use crate::live::Link;
use crate::model::ActionPreview;
use crate::paths;
use crate::resource::page_data;

#[component]
pub fn ActionTab() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let here = use_here();
    let params = use_params_map();
    let action = Memo::new(move |_| params.with(|params| Action::parse(&params.get("action").unwrap_or_default())));
    let preview = page_data(
        move || (here.runtime.get(), here.version.get(), action.get()),
        |(runtime, version, action)| async move {
            match action.filter(|action| Action::ON_A_VERSION.contains(action)) {
                Some(action) => api::preview_action(runtime, version, action).await,
                None => unknown().await,
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let outcome = outcome.get_value();
                match preview.await {
                    Ok(preview) => view! { <ActionCard preview outcome /> }.into_any(),
                    Err(error) => view! { <ErrorView error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn ActionCard(preview: ActionPreview, outcome: FormOutcome) -> impl IntoView {
    let here = use_here();
    let back = StoredValue::new(paths::version(&preview.runtime.id, &preview.version));
    let title = format!("{} {}", preview.action.title(), preview.version);
    let navigate = use_navigate();
    let done = move |()| {
        if here.live.link.get_untracked() != Link::Live {
            here.live.reload();
        }
        navigate(&back.get_value(), Default::default());
    };
    view! {
        <section class="card action-card" aria-labelledby="action-title">
            <h2 id="action-title">{title}</h2>
            <ActionForm preview outcome done cancel=|_| () />
        </section>
    }
}

/// Returns the error for an unknown action, and sets the response's status to 404.
async fn unknown() -> Result<ActionPreview, Error> {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    Err(Error::new(ErrorKind::NotFound, "Unknown action. Valid actions: start, stop, publish, unpublish and archive."))
}
