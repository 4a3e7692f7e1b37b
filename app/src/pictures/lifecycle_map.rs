//! The lifecycle of a version as a map: where it is, and what can be done from there.

use krt::lifecycle::Action;
use krt::roles::Role;
use leptos::prelude::*;

use crate::model::VersionLive;

/// The lifecycle diagram of a version. `action_path` gives the URL of an action's form.
#[component]
pub fn LifecycleMap(
    #[prop(into)] live: Signal<VersionLive>,
    role: Role,
    #[prop(into)] action_path: Callback<Action, String>,
) -> impl IntoView {
    let _ = (live, role, action_path);
    view! { <div class="lifecycle"></div> }
}
