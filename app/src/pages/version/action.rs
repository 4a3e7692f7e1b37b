//! The page of an action: its form.

use krt::lifecycle::Action;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::use_here;
use crate::components::{ActionForm, ErrorView};
use crate::doors;
use crate::error::{Error, ErrorKind};
use crate::forms::{FORM, FormOutcome, form_outcome};
use crate::live::Link;
use crate::model::{ActionPreview, RuntimeSummary, Timestamp};
use crate::paths;

#[component]
pub fn ActionTab() -> impl IntoView {
    let outcome = StoredValue::new(form_outcome());
    let here = use_here();
    let params = use_params_map();
    let action = Memo::new(move |_| params.with(|params| Action::parse(&params.get("action").unwrap_or_default())));
    let preview = Resource::new(
        move || (here.runtime.get(), here.version.get(), action.get()),
        |(runtime, version, action)| async move {
            match action.filter(|action| Action::ON_A_VERSION.contains(action)) {
                Some(action) => doors::preview_action(runtime, version, action).await,
                None => unknown().await,
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let outcome = outcome.get_value();
                let kept = kept(&outcome, here.runtime.get_untracked(), here.version.get_untracked(), action.get_untracked());
                match (preview.await, kept) {
                    (Ok(preview), _) => view! { <ActionCard preview outcome /> }.into_any(),
                    (Err(_), Some(preview)) => view! { <ActionCard preview outcome /> }.into_any(),
                    (Err(error), None) => view! { <ErrorView error /> }.into_any(),
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
            here.live.read_again();
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

/// The form for somebody whose session expired while it was open: what was typed, without what only the server knows.
fn kept(outcome: &FormOutcome, id: String, version: String, action: Option<Action>) -> Option<ActionPreview> {
    outcome.error.as_ref().filter(|error| error.kind == ErrorKind::SignedOut)?;
    let runtime = RuntimeSummary {
        name: id.clone(),
        namespace: krt::ids::propose_namespace(&id),
        id,
        description: String::new(),
        created_at: Timestamp(0),
        created_by: String::new(),
        published: None,
        versions: 0,
        running: 0,
        ailing: 0,
    };
    Some(ActionPreview { runtime, version, action: action?, why_not: None, replaces: None, form: outcome.typed(FORM) })
}

/// An action that does not exist is a page that does not exist.
async fn unknown() -> Result<ActionPreview, Error> {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    Err(Error::new(ErrorKind::NotFound, "There is no such action. Start, stop, publish, unpublish and archive exist."))
}
